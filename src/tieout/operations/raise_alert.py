"""Keeps an alert unless the same one about the same thing is there."""

from __future__ import annotations

from tieout.store import alerts
from tieout.store.database import Database


def raise_alert(books: Database, code: str, sentence: str, about: str, at: float) -> None:
    """One alert per code and subject: a step that is done again after a crash does not repeat it."""
    with books.transaction() as db:
        if not alerts.raised(db, code, about):
            alerts.add(db, code, sentence, about, at)
