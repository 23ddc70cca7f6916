"""Finds the day on which an entry of Tieout's own may stand, or asks a person: one open exception, and an alert (C4)."""

from __future__ import annotations

from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.standing import standing
from tieout.store import alerts, exceptions
from tieout.store.database import Database
from tieout.store.exceptions import ExceptionRow


def stand_or_ask(books: Database, connection: str, entry: Entry, book: Book, at: float) -> Entry | None:
    """The entry where the ledger's policy for closed periods, or an approver, lets it stand; None while it must wait."""
    with books.transaction() as db:
        approved = exceptions.let_stand_later(db, connection, entry.source)
        stands = standing(entry, book.calendar, "next_open" if approved else book.policy.closed_period)
        if isinstance(stands, Entry):
            return stands
        amount = sum(line.amount for line in entry.lines() if line.amount > 0)
        words = f"{entry.memo}: {stands.sentence} Then it is posted by itself."
        one = ExceptionRow(connection, stands.code, entry.source, amount, entry.currency, words)
        for fresh in exceptions.open_(db, [one], at):
            alerts.add(db, fresh.code, fresh.sentence, fresh.about, at)
    return None
