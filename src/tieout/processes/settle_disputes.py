"""Books the outcome of disputes: money by their rows, the outcome by their status, however often it changes (M3; Stripe B10)."""

from __future__ import annotations

from tieout.domain.ledger.disputes import KIND, outcome_entry
from tieout.domain.ledger.period import day_of
from tieout.nodes._ports import Ports
from tieout.operations.book_or_ask import Booking
from tieout.operations.post_entries import post_entries
from tieout.queries.disputes import standing_on_disputes
from tieout.store import ledgers

ACTOR = "tieout"


def settle_disputes(ports: Ports, connection: str) -> int:
    """Post the outcome of every dispute on which something is owed and that is decided; answers how many. Raises Failed."""
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
        open_ones = standing_on_disputes(db, connection)
    posted, booking = 0, Booking(ports.books, connection, book, KIND, ports.clock())
    day = day_of(int(ports.clock()), book.zone)
    for dispute, its in open_ones.items():
        status = ports.connections.stripe(connection).dispute(dispute).status
        entry = outcome_entry(dispute, status, its.amounts, its.values, its.outcomes + 1, book, day)
        stands = booking.book_or_ask(entry) if entry else None
        if stands is not None:
            post_entries(ports.books, connection, [stands], ACTOR, ports.clock())
            posted += 1
    booking.close_rest()
    return posted
