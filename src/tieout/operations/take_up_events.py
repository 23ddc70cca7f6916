"""Moves kept events from the inbox into the books, where their work is seen to; safe to repeat."""

from __future__ import annotations

from tieout.kernel import crash
from tieout.store import inbox, runs
from tieout.store.database import Database

BATCH_EVENTS_MAX = 200

crash.register("take_up.before_mark")


def take_up_events(box: Database, books: Database) -> int:
    """Take up the oldest waiting events; answers how many."""
    with box.reading() as db:
        kept = inbox.waiting(db, BATCH_EVENTS_MAX)
    if not kept:
        return 0
    with books.transaction() as db:
        runs.add_events(db, [_row(one) for one in kept])
    crash.crash_point("take_up.before_mark")
    with box.transaction() as db:
        inbox.taken(db, [one.seq for one in kept])
    return len(kept)


def _row(kept: inbox.Kept) -> dict[str, object]:
    dead = not kept.readable
    return {
        "seq": kept.seq,
        "connection": kept.connection,
        "livemode": kept.livemode,
        "event_id": kept.event_id,
        "type": kept.type,
        "lane": kept.lane,
        "state": runs.PARKED if dead else runs.QUEUED,
        "reason": f"The body is signed but cannot be read: {kept.object_id}. It is kept as received." if dead else "",
        "failed_tries": 0,
        "legs": 0,
        "wanted": -1 if dead else 0,
        "submitted": -1,
        "received_at": kept.received_at,
        "ended_at": kept.received_at if dead else None,
    }
