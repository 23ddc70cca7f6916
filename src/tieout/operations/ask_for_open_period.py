"""Asks an approver where a document stands whose period is closed: one question, and one alert (accounting C4)."""

from __future__ import annotations

from tieout.domain.ledger.period import Calendar
from tieout.store import alerts, exceptions
from tieout.store.database import Database
from tieout.store.exceptions import NEXT_OPEN, PERIOD, ExceptionRow


def may_stand_later(books: Database, question: ExceptionRow, calendar: Calendar, at: float) -> bool:
    """Whether an approver let it into the next open period; otherwise the question is open when this returns.

    ``question.ours`` is the day (YYYY-MM-DD). An approval is for the period that was closed when it was asked for.
    """
    with books.transaction() as db:
        ended = exceptions.ended_so(db, question, NEXT_OPEN)
        if any(calendar.period_of(one.ours) == calendar.period_of(question.ours) for one in ended):
            return True
        for fresh in exceptions.open_(db, [question], at):
            alerts.add(db, fresh.code, fresh.sentence, fresh.about, at)
    return False


def ask_no_more(books: Database, connection: str, about: str, at: float) -> None:
    """The document is written: close what was asked about it."""
    with books.transaction() as db:
        exceptions.close_gone(db, connection, [about], PERIOD, (), at)
