"""Gives an event its end state: applied, parked or ignored; exactly one."""

from __future__ import annotations

from tieout.kernel.redact import printable
from tieout.store import alerts, lanes, states
from tieout.store.database import Database


def end_event(books: Database, seq: int, state: str, reason: str, at: float) -> None:
    """End an event that has no run; a parked one is worth an alert."""
    with books.transaction() as db:
        lanes.end_event(db, seq, state, printable(reason), at)
        if state == states.PARKED:
            alerts.add(db, "event.parked", printable(reason), lanes.event(db, seq).event_id, at)
