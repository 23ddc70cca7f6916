"""Keeps which rows of Stripe's balance could not be read: each is an exception until it is read, and told once."""

from __future__ import annotations

from collections.abc import Iterable

from tieout.store import alerts, exceptions
from tieout.store.database import Database
from tieout.store.exceptions import ExceptionRow

UNREAD = "row.unread"
SHAPE = "stripe.shape"


def keep_unread(books: Database, connection: str, unread: Iterable[tuple[str, str]], currency: str, at: float) -> None:
    """``unread`` are the rows' ids with what is said of each. Their amounts are not known: 0 in the ledger's currency."""
    with books.transaction() as db:
        for row, why in unread:
            sentence = f"Balance row {row} is not in the books, all others are. {why}"
            exceptions.open_(db, [ExceptionRow(connection, UNREAD, row, 0, currency, sentence)], at)
            if not alerts.raised(db, SHAPE, f"{connection} {row}"):
                alerts.add(db, SHAPE, sentence, f"{connection} {row}", at)


def rows_unread(books: Database, connection: str, limit: int) -> list[str]:
    """The ids of the rows that could not be read so far, oldest first."""
    with books.reading() as db:
        return [one.about for one in exceptions.opened(db, connection, code=UNREAD)][:limit]
