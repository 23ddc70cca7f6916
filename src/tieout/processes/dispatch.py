"""Hands kept events to the engine: what was kept before a crash is handed over after it (reliability A3)."""

from __future__ import annotations

import logging
from typing import NoReturn

from tieout.connectors.stripe.events import state_of
from tieout.domain.facts import OWN, Ignored
from tieout.engine import Engine, Work
from tieout.kernel import crash
from tieout.kernel.failures import Failed
from tieout.kernel.log import log
from tieout.nodes._ports import Ports
from tieout.operations.hand_over_again import hand_over_again
from tieout.operations.mark_submitted import mark_submitted
from tieout.operations.take_up_events import take_up_events
from tieout.processes.bounced import FAILURES
from tieout.store import lanes
from tieout.store.inbox import Kept
from tieout.store.lanes import EventRow

BATCH_EVENTS_MAX = 200
HANDED_EVENTS_MAX = 600

crash.register("dispatch.before_submit", "dispatch.before_mark")


def dispatch(ports: Ports, engine: Engine) -> int:
    """Take up what arrived and submit what is wanted; answers how many pieces of work were submitted.

    The engine gets so many at a time: what it keeps beyond what it can do makes every one of its polls slower.
    """
    take_up_events(ports.box, ports.books, _ignorable)
    with ports.books.reading() as db:
        room = max(0, HANDED_EVENTS_MAX - lanes.count_handed_over(db))
        waiting = lanes.unsubmitted(db, ports.clock(), min(BATCH_EVENTS_MAX, room))
    if not waiting:
        return 0
    crash.crash_point("dispatch.before_submit")
    for event in waiting:
        engine.submit(work_of(event))
    crash.crash_point("dispatch.before_mark")
    mark_submitted(ports.books, waiting)
    return len(waiting)


def reclaim(ports: Ports, engine: Engine) -> int:
    """Hand over again what the engine should have and has not (its disk failed, or an older file was put back)."""
    with ports.books.reading() as db:
        handed = lanes.handed_over(db)
    kept = engine.keeps([work_of(event).id for event in handed]) if handed else set()
    lost = [event for event in handed if work_of(event).id not in kept]
    if lost and (wanted := hand_over_again(ports.books, lost, ports.clock())):
        log("work handed over again", logging.ERROR, events=wanted, why="the engine did not have it any more")
        return wanted
    return 0


def _ignorable(kept: Kept) -> str:
    """Most events state nothing: what their body alone tells needs no place in a lane and no leg."""
    if kept.type in FAILURES:
        return ""  # it may undo what was written
    if kept.thin or kept.type.startswith(OWN):
        return ""
    try:
        statement = state_of(kept.type, kept.body, _nothing_is_read)
    except Failed:
        return ""
    return statement.reason if isinstance(statement, Ignored) else ""


def _nothing_is_read() -> NoReturn:
    raise AssertionError("only thin events are read from Stripe")


def work_of(event: EventRow) -> Work:
    """The work of an event: ids sort by arrival, each time it is wanted has a number of its own; lanes are per account."""
    again = f"-{event.wanted}" if event.wanted else ""
    lane = f"{event.connection}/{event.lane}"
    return Work(f"{event.seq:012d}-{event.event_id}{again}", lane, f"{event.seq}/{event.wanted}")
