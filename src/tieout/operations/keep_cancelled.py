"""Keeps the questions about orders that do not stand any more; one whose cause is gone is closed."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.store import alerts, exceptions
from tieout.store.database import Database
from tieout.store.exceptions import ExceptionRow


def keep_cancelled(books: Database, connection: str, code: str, asked: Sequence[ExceptionRow], at: float) -> None:
    """Each is told once in an alert. What was open under the code and is not asked any more is closed."""
    with books.transaction() as db:
        open_before = [one.about for one in exceptions.opened(db, connection, code=code)]
        exceptions.close_gone(db, connection, open_before, code, [(one.code, one.about) for one in asked], at)
        for one in exceptions.open_(db, asked, at):
            if not alerts.raised(db, one.code, f"{one.about} {one.theirs}"):
                alerts.add(db, one.code, one.sentence, f"{one.about} {one.theirs}", at)


def payments_asked_about(books: Database, connection: str, code: str) -> list[str]:
    """The payments that questions under the code are open about."""
    with books.reading() as db:
        return [one.about for one in exceptions.opened(db, connection, code=code)]
