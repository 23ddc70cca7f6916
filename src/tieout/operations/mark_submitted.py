"""Notes that the engine has an event's work."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.store import lanes
from tieout.store.database import Database


def mark_submitted(books: Database, submitted: Sequence[lanes.EventRow]) -> None:
    """The engine keeps this work now; it need not be submitted again."""
    with books.transaction() as db:
        for event in submitted:
            lanes.set_event(db, event.seq, submitted=event.wanted)
