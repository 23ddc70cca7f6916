"""Finds the day on which entries of Tieout's own may stand, or asks a person (accounting C4).

One question for each entry, and one alert. A question about an entry that nobody wants any more is closed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.standing import standing
from tieout.store import alerts, exceptions
from tieout.store.database import Database
from tieout.store.exceptions import NEXT_OPEN, PERIOD, ExceptionRow


@dataclass(slots=True)
class Booking:
    """One look at the entries of one kind (``Entry.kind``) in one ledger; ``at`` in epoch seconds."""

    books: Database
    connection: str
    book: Book
    kind: str
    at: float
    _asked: set[str] = field(default_factory=set)

    def book_or_ask(self, entry: Entry, payout: str = "") -> Entry | None:
        """The entry where the ledger's policy, or an approver, lets it stand; None while it must wait for a person."""
        stands = standing(entry, self.book.calendar, self.book.policy.closed_period)
        if isinstance(stands, Entry):
            return stands
        amount = sum(line.amount for line in entry.lines() if line.amount > 0)
        words = f"{entry.memo}: {stands.sentence} Then it is posted by itself."
        question = ExceptionRow(
            self.connection, stands.code, entry.source, amount, entry.currency, words, payout, entry.day, entry.kind
        )
        with self.books.transaction() as db:
            if any(self._same_period(one, entry.day) for one in exceptions.ended_so(db, question, NEXT_OPEN)):
                later = standing(entry, self.book.calendar, "next_open")
                if isinstance(later, Entry):
                    return later
            fresh = exceptions.open_(db, [question], self.at)
            exceptions.close_gone(db, self.connection, [entry.source], PERIOD, [(question.code, entry.source)], self.at)
            for one in fresh:
                alerts.add(db, one.code, one.sentence, one.about, self.at)
        self._asked.add(entry.source)
        return None

    def drop(self, source: str) -> None:
        """Close the question about an entry that is not wanted any more."""
        with self.books.transaction() as db:
            exceptions.close_gone(db, self.connection, [source], PERIOD, (), self.at)

    def _same_period(self, approved: ExceptionRow, day: str) -> bool:
        """An approval is for the period that was closed when it was asked for."""
        return self.book.calendar.period_of(approved.ours) == self.book.calendar.period_of(day)

    def close_rest(self) -> None:
        """Close the questions of this kind that were not asked in this look."""
        with self.books.transaction() as db:
            exceptions.close_unasked(db, self.connection, PERIOD, self.kind, self._asked, self.at)
