"""Books the outcome of disputes: money by their rows, the outcome by their status, however often it changes (M3; Stripe B10)."""

from __future__ import annotations

from tieout.domain.ledger.disputes import outcome_entry, outcome_source
from tieout.domain.ledger.period import Booked, day_of
from tieout.domain.ledger.valuing import NoRate
from tieout.nodes._ports import Ports
from tieout.operations.ask_for_rate import ask_for_rate
from tieout.operations.post_entries import post_entries
from tieout.queries.disputes import owed_on_disputes
from tieout.store import ledgers

ACTOR = "tieout"


def settle_disputes(ports: Ports, connection: str) -> int:
    """Post the outcome of every dispute on which something is owed and that is decided; answers how many. Raises Failed."""
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
        open_ones = owed_on_disputes(db, connection)
    if not open_ones:
        return 0
    stripe, posted = ports.connections.stripe(connection), 0
    day = day_of(int(ports.clock()), book.zone)
    booked = book.calendar.booked(day, "next_open")
    for dispute, (owed, outcomes) in open_ones.items():
        status = stripe.dispute(dispute).status
        at = booked.day if isinstance(booked, Booked) else day
        try:
            entry = outcome_entry(dispute, status, owed, outcomes + 1, book, day, at)
        except NoRate as missing:
            source = outcome_source(dispute, outcomes + 1)
            ask_for_rate(ports.books, connection, source, missing, ports.clock(), f"The outcome of {dispute}")
            continue
        if entry is not None:
            post_entries(ports.books, connection, [entry], ACTOR, ports.clock())
            posted += 1
    return posted
