"""Wants anew the work that the engine should have and has not."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.store import alerts, lanes
from tieout.store.database import Database

LOST = "engine.lost"
SENTENCE = (
    "The engine's file did not have this work any more: its disk was full or failed, or an older copy was put back. The work "
    "was handed over again; nothing is lost. Check the disk."
)


def hand_over_again(books: Database, lost: Sequence[lanes.EventRow], at: float) -> int:
    """Want anew what the engine should have and has not, and tell that it happened; answers how many."""
    with books.transaction() as db:
        wanted = [event for event in lost if lanes.want_instead(db, event)]
        for event in wanted:
            alerts.add(db, LOST, SENTENCE, event.event_id, at)
    return len(wanted)
