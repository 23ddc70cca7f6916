"""What was worth a person, the newest first."""

from __future__ import annotations

from tieout.store import alerts
from tieout.store.alerts import AlertRow
from tieout.store.database import Database


def newest_alerts(books: Database, limit: int) -> list[AlertRow]:
    """The newest alerts first."""
    with books.reading() as db:
        return alerts.latest(db, limit)
