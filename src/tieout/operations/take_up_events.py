"""Moves kept events from the inbox into the books, where their work is seen to; safe to repeat."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from tieout.kernel import crash
from tieout.kernel.redact import printable
from tieout.store import alerts, inbox, lanes, states
from tieout.store.database import Database

BATCH_EVENTS_MAX = 200
UNREADABLE = "event.unreadable"
NUMBER_TAKEN = "inbox.number_taken"

crash.register("take_up.before_mark")


Reason = Callable[[inbox.Kept], str]


def take_up_events(box: Database, books: Database, ignorable: Reason = lambda kept: "") -> int:
    """Take up the oldest waiting events; answers how many. One that cannot be read is parked, with an alert. One whose number
    the books know as another's gets a new number, with an alert, and is taken up under that.

    ``ignorable`` says why nothing follows from an event, where that can be told from its body alone: such an event has its
    end at once and never takes a place in a lane.
    """
    with box.reading() as db:
        kept = inbox.waiting(db, BATCH_EVENTS_MAX)
    if not kept:
        return 0
    with books.transaction() as db:
        rows = [_row(one, ignorable(one) if one.readable else "") for one in kept]
        taken = {row["seq"] for row in lanes.numbers_of_others(db, rows)}
        lanes.add_events(db, [row for row in rows if row["seq"] not in taken])
        for one in kept:
            if one.seq in taken:
                _tell(db, NUMBER_TAKEN, _number_taken(one), one)
            elif not one.readable:
                _tell(db, UNREADABLE, _unreadable(one), one)
        last = lanes.last_number(db)
    crash.crash_point("take_up.before_mark")
    with box.transaction() as db:
        inbox.taken(db, [one.seq for one in kept if one.seq not in taken])
        if taken:
            inbox.move_on(db, last)
            inbox.number_anew(db, sorted(taken))
    return len(kept) + (take_up_events(box, books, ignorable) if taken else 0)


def _tell(db: sa.Connection, code: str, sentence: str, about: inbox.Kept) -> None:
    if not alerts.raised(db, code, about.event_id):
        alerts.add(db, code, sentence, about.event_id, about.received_at)


def _row(kept: inbox.Kept, ignored: str) -> dict[str, object]:
    dead = not kept.readable
    ended = dead or bool(ignored)
    return {
        "seq": kept.seq,
        "connection": kept.connection,
        "livemode": kept.livemode,
        "event_id": kept.event_id,
        "type": kept.type,
        "lane": kept.lane,
        "state": states.PARKED if dead else states.IGNORED if ignored else states.QUEUED,
        "reason": _unreadable(kept) if dead else printable(ignored),
        "failed_tries": 0,
        "wanted": -1 if ended else 0,
        "submitted": -1,
        "received_at": kept.received_at,
        "ended_at": kept.received_at if ended else None,
    }


def _number_taken(kept: inbox.Kept) -> str:
    return printable(
        f"Event {kept.event_id} of {kept.connection} was kept under number {kept.seq}, which the books know as that of another "
        "event: inbox.sqlite is another one, or older than the books. The event gets a new number and is worked on; nothing "
        "of it is lost. Find out who put the file there; to go back in time, use: tieout restore"
    )


def _unreadable(kept: inbox.Kept) -> str:
    return printable(
        f"An event of {kept.connection} is signed but cannot be read: {kept.object_id}. It is kept as received, and nothing "
        "was written for it. Find it in Stripe's dashboard and enter what it says by hand; then report it to us."
    )
