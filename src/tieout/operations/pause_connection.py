"""Pauses a connection that is away and lets it go on again; one alert per outage (M18: the circuit breaker).

A few seconds of silence or "too many requests" are the trade's weather; the fourth pause in a row is an outage.
"""

from __future__ import annotations

from tieout.kernel.failures import Retry
from tieout.kernel.redact import printable
from tieout.store import alerts, connections
from tieout.store.database import Database

PAUSE_SECONDS_MAX = 60.0
WISH_SECONDS_MAX = 3600.0


def pause_connection(books: Database, name: str, failure: Retry, at: float) -> float:
    """Let no run call the connection for a while, longer each time up to a minute; answers until when."""
    with books.transaction() as db:
        row = connections.get(db, name)
        if row is None or row.paused_until > at:
            return row.paused_until if row else at
        until = at + max(min(failure.after_seconds or 0.0, WISH_SECONDS_MAX), min(PAUSE_SECONDS_MAX, 2.0**row.outages))
        connections.pause(db, name, until, printable(failure.sentence), row.outages + 1)
        if row.outages + 1 == connections.WORTH_AN_ALERT:
            alerts.add(db, failure.code, printable(failure.sentence), name, at)
    return until


def resume_connection(books: Database, name: str) -> None:
    """The connection answered: it is no longer paused."""
    with books.transaction() as db:
        connections.pause(db, name, 0.0, "", 0)
