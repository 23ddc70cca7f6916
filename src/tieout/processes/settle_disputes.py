"""Books the outcome of disputes: money by their rows, the outcome by their status, however often it changes (M3; Stripe B10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tieout.domain.ledger.disputes import KIND, outcome_entry
from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.standing import takes_corrections
from tieout.kernel.failures import Failed, Retry
from tieout.nodes._ports import Ports
from tieout.operations.book_or_ask import Booking
from tieout.operations.post_entries import post_entries
from tieout.operations.raise_alert import raise_alert
from tieout.queries.disputes import last_closed, standing_on_disputes
from tieout.store import ledgers

ACTOR = "tieout"


def settle_disputes(ports: Ports, connection: str) -> int:
    """Post the outcome of every dispute on which something is owed and that is decided; answers how many. Raises Failed."""
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
        open_ones, approved = standing_on_disputes(db, connection), ledgers.approved_periods(db, connection)
    posted, booking = 0, Booking(ports.books, connection, book, KIND, ports.clock())
    now = int(ports.clock())
    for dispute, its in open_ones.items():
        status = _status(ports, connection, dispute)
        if not status:
            continue
        entry = outcome_entry(dispute, status, its.amounts, its.values, its.outcomes + 1, book, day_of(now, book.zone))
        stands = booking.book_or_ask(_dated(ports, connection, entry, its.last, book, approved)) if entry else None
        if stands is not None:
            post_entries(ports.books, connection, [stands], ACTOR, ports.clock())
            posted += 1
    booking.close_rest()
    return posted


def _status(ports: Ports, connection: str, dispute: str) -> str:
    """Its status now; empty when Stripe's answer cannot be used: that is told, and the other disputes go on. Raises Failed to wait."""
    try:
        return ports.connections.stripe(connection).dispute(dispute).status
    except Failed as failed:
        if isinstance(failed.failure, Retry):
            raise
        sentence = f"Dispute {dispute} could not be read, so its outcome is not booked. {failed.failure.sentence}"
        raise_alert(ports.books, failed.failure.code, sentence, dispute, ports.clock())
        return ""


def _dated(ports: Ports, connection: str, entry: Entry, last: str, book: Book, approved: Collection[str]) -> Entry:
    """The entry on the day Stripe closed the dispute, while that month is open; of a closed one it belongs to today (C4).

    A row of it may come after Stripe has closed it.
    """
    closed_at = last_closed(ports.box, connection, entry.subject)
    day = entry.day if closed_at is None else min(entry.day, max(last, day_of(closed_at, book.zone)))
    return replace(entry, day=day, booked=day) if takes_corrections(book.calendar, day, approved) else entry
