"""Events on their way: in lanes, one of a lane at a time, each handed to the engine when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.store import dialect
from tieout.store.states import QUEUED, WAITING
from tieout.store.tables import connections, events, runs

PROBES_MAX = 2
WAITS_FOR_RUN = "original.waits"  # the failure of a run that waits for another

_EVENT = sa.select(events).where(events.c.seq == sa.bindparam("of"))


@dataclass(frozen=True, slots=True)
class EventRow:
    """How far an event has come: ``state`` is queued or one of the three end states.

    ``wanted`` is the number of the newest ticket for its work (-1: it can never be worked on), ``submitted`` the one that the
    engine has: the work is to be handed over while they differ, and a leg with an older ticket has nothing to do.
    ``turn``: no older event of its lane is on its way. Until ``due_at`` (epoch seconds) there is nothing to do;
    ``waits_for`` names the connection it waits for instead. ``personal``: its documents still tell who somebody is.
    """

    seq: int
    connection: str
    livemode: bool
    event_id: str
    type: str
    lane: str
    state: str
    reason: str
    failed_tries: int
    wanted: int
    submitted: int
    turn: bool
    due_at: float
    waits_for: str
    received_at: float
    ended_at: float | None
    personal: bool = True

    @property
    def is_aside(self) -> bool:
        """Whether it has left its lane for one of its own."""
        return self.lane.endswith(f"#{self.event_id}")


def event(db: sa.Connection, seq: int) -> EventRow:
    """The event with that number; NoResultFound when it was never taken up."""
    return EventRow(**db.execute(_EVENT, {"of": seq}).one()._mapping)


def add_events(db: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Take events up, in the state they are given; those already there stay as they are."""
    if not rows:
        return
    dialect.add_new(db, events, list(rows))
    for connection, lane in {(row["connection"], row["lane"]) for row in rows}:
        _give_turn(db, connection, lane)


def numbers_of_others(db: sa.Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the rows whose number is that of another event."""
    found = sa.select(events.c.seq, events.c.connection, events.c.livemode, events.c.event_id)
    there = db.execute(found.where(events.c.seq.in_([row["seq"] for row in rows])))
    known = {row.seq: (row.connection, row.livemode, row.event_id) for row in there}
    same = {row["seq"]: (row["connection"], row["livemode"], row["event_id"]) for row in rows}
    return [row for row in rows if row["seq"] in known and known[row["seq"]] != same[row["seq"]]]


def first_received(db: sa.Connection, connection: str) -> float | None:
    """When the first event of a connection was kept (epoch seconds), or None."""
    found = sa.select(events.c.received_at).where(events.c.connection == connection).order_by(events.c.seq).limit(1)
    return db.execute(found).scalar()


def known(db: sa.Connection, connection: str, event_ids: Sequence[str]) -> set[str]:
    """Those of the events that were ever taken up."""
    found = sa.select(events.c.event_id).where(events.c.connection == connection, events.c.event_id.in_(event_ids))
    return set(db.execute(found).scalars())


def types_known(db: sa.Connection, connection: str) -> set[str]:
    """The types of events that ever came by that connection."""
    return set(db.execute(sa.select(events.c.type).where(events.c.connection == connection).distinct()).scalars())


def last_number(db: sa.Connection) -> int:
    """The greatest number of an event, 0 when there is none."""
    return int(db.execute(sa.select(sa.func.coalesce(sa.func.max(events.c.seq), 0))).scalar_one())


def set_event(db: sa.Connection, seq: int, **values: Any) -> None:
    """Change columns of one event."""
    db.execute(sa.update(events).where(events.c.seq == seq).values(**values))


def end_event(db: sa.Connection, seq: int, state: str, reason: str, at: float) -> None:
    """Give an event its end state, and its turn to the next of its lane."""
    set_event(db, seq, state=state, reason=reason, ended_at=at, turn=False, due_at=0.0, waits_for="")
    ended = event(db, seq)
    _give_turn(db, ended.connection, ended.lane)


def step_aside(db: sa.Connection, waiting: EventRow, due_at: float) -> None:
    """Give an event a lane of its own until a moment and from then on; its old lane goes on without it."""
    lane = f"{waiting.lane}#{waiting.event_id}"
    set_event(db, waiting.seq, lane=lane, wanted=waiting.wanted + 1, due_at=due_at, waits_for="")
    _give_turn(db, waiting.connection, waiting.lane)


def wake_aside(db: sa.Connection) -> None:
    """What waits for another run looks again at once; that uses none of its tries up."""
    waiting = sa.select(runs.c.seq).where(runs.c.state == WAITING, runs.c.code == WAITS_FOR_RUN)
    aside = sa.and_(events.c.turn.is_(True), events.c.wanted > events.c.submitted, events.c.waits_for == "")
    db.execute(sa.update(events).where(aside, events.c.seq.in_(waiting)).values(due_at=0.0))


def want_again(db: sa.Connection, seq: int) -> None:
    """Queue an event that had ended; it waits for its turn as every other."""
    ended = event(db, seq)
    set_event(db, seq, state=QUEUED, wanted=ended.wanted + 1, failed_tries=0, ended_at=None)
    _give_turn(db, ended.connection, ended.lane)


def unsubmitted(db: sa.Connection, now: float, limit: int) -> list[EventRow]:
    """Events whose turn it is, that are due and not yet handed to the engine, oldest first.

    What waits for a connection is due as soon as that is not away any more. While it is away, a few at a time are, when its
    pause is over, to see whether it is back.
    """
    ready = sa.and_(events.c.turn.is_(True), events.c.wanted > events.c.submitted)
    away = db.execute(sa.select(connections.c.name, connections.c.paused_until).where(connections.c.outages > 0)).all()
    free = sa.or_(
        sa.and_(events.c.waits_for == "", events.c.due_at <= now),
        sa.and_(events.c.waits_for != "", events.c.waits_for.not_in([row.name for row in away])),
    )
    found = sa.select(events).where(ready, free).order_by(events.c.seq).limit(limit)
    rows = list(db.execute(found))
    for row in away:
        if row.paused_until <= now:
            probing = sa.select(events).where(ready, events.c.waits_for == row.name).order_by(events.c.seq)
            rows += db.execute(probing.limit(max(0, PROBES_MAX - _probes(db, row.name))))
    return [EventRow(**row._mapping) for row in rows]


_HANDED = sa.and_(events.c.turn.is_(True), events.c.wanted == events.c.submitted)  # what has its turn has not ended


def handed_over(db: sa.Connection) -> list[EventRow]:
    """Events whose work the engine has, or should have, oldest first."""
    return [EventRow(**row._mapping) for row in db.execute(sa.select(events).where(_HANDED).order_by(events.c.seq))]


def count_handed_over(db: sa.Connection) -> int:
    """How many those are."""
    return int(db.execute(sa.select(sa.func.count()).select_from(events).where(_HANDED)).scalar_one())


def want_instead(db: sa.Connection, lost: EventRow) -> bool:
    """Want the work of an event anew; False when it has come further since it was read."""
    same = sa.and_(events.c.seq == lost.seq, events.c.state == QUEUED, events.c.wanted == lost.wanted)
    change = sa.update(events).where(same).values(wanted=lost.wanted + 1, due_at=0.0, waits_for="")
    return db.execute(change).rowcount == 1


def want_all_again(db: sa.Connection) -> None:
    """Want the work of every event anew that is on its way and was handed over: the engine is another, or knows other times."""
    handed = sa.and_(events.c.state == QUEUED, events.c.wanted == events.c.submitted)
    db.execute(sa.update(events).where(handed).values(wanted=events.c.wanted + 1, due_at=0.0, waits_for=""))


def wake_all(db: sa.Connection, latest: float) -> None:
    """No event that is on its way waits beyond that moment (epoch seconds) before it is looked at, and no try of a run."""
    db.execute(sa.update(events).where(events.c.state == QUEUED, events.c.due_at > latest).values(due_at=latest))
    waiting = sa.and_(
        runs.c.state == WAITING, runs.c.wake_at > latest, runs.c.code != ""
    )  # a drawn wait sees to itself
    db.execute(sa.update(runs).where(waiting).values(wake_at=latest))


def next_due(db: sa.Connection) -> float | None:
    """When the next event is due that the engine does not have, or None when there is none."""
    ready = sa.and_(events.c.turn.is_(True), events.c.wanted > events.c.submitted)
    on_time = sa.select(sa.func.min(events.c.due_at)).where(ready, events.c.waits_for == "")
    joined = connections.join(events, events.c.waits_for == connections.c.name)
    on_others = sa.select(sa.func.min(connections.c.paused_until)).select_from(joined).where(ready)
    found = [db.execute(one).scalar() for one in (on_time, on_others)]
    return min((at for at in found if at is not None), default=None)


def _give_turn(db: sa.Connection, connection: str, lane: str) -> None:
    """Of the events of a lane that are on their way exactly one has its turn: the oldest, unless another has it."""
    of_lane = sa.and_(events.c.connection == connection, events.c.lane == lane, events.c.state == QUEUED)
    if db.execute(sa.select(events.c.seq).where(of_lane, events.c.turn.is_(True)).limit(1)).scalar() is None:
        oldest = sa.select(sa.func.min(events.c.seq)).where(of_lane).scalar_subquery()
        db.execute(sa.update(events).where(events.c.seq == oldest).values(turn=True))


def _probes(db: sa.Connection, connection: str) -> int:
    """How many events are with the engine to see whether a connection is back."""
    waiting = sa.and_(events.c.waits_for == connection, sa.text("waits_for != ''"))  # the index says it so
    asking = sa.and_(events.c.turn.is_(True), events.c.wanted == events.c.submitted, waiting)
    return db.execute(sa.select(sa.func.count()).select_from(events).where(asking)).scalar_one()
