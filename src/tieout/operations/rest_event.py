"""Lets an event wait: for another try to route it, for a moment, or for a connection that is away."""

from __future__ import annotations

from tieout.kernel.redact import printable
from tieout.store import lanes
from tieout.store.database import Database


def postpone_event(books: Database, seq: int, failed_tries: int, reason: str) -> None:
    """Keep an event queued after a failed try to route it."""
    with books.transaction() as db:
        lanes.set_event(db, seq, failed_tries=failed_tries, reason=printable(reason))


def set_aside(books: Database, event: lanes.EventRow, due_at: float, waits_for: str) -> None:
    """Let an event wait outside the engine, until a moment or until a connection is back; its lane waits with it."""
    with books.transaction() as db:
        lanes.set_event(db, event.seq, wanted=event.wanted + 1, due_at=due_at, waits_for=waits_for)


def step_aside(books: Database, event: lanes.EventRow, due_at: float) -> None:
    """Let an event wait outside its lane: what it waits for may stand behind it there."""
    with books.transaction() as db:
        lanes.step_aside(db, event, due_at)


def wait_no_more(books: Database, seq: int) -> None:
    """The event does not wait for a connection any more, but for something else."""
    with books.transaction() as db:
        lanes.set_event(db, seq, waits_for="")
