"""Events under way, runs and their steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tieout.kernel.canonical import pack, unpack
from tieout.store.tables import connections, events, intents, runs, steps

QUEUED, APPLIED, PARKED, IGNORED = "queued", "applied", "parked", "ignored"
RUNNING, WAITING = "running", "waiting"
ENDED = (APPLIED, PARKED, IGNORED)
PROBES_MAX = 2
ELEMENT = "element"
WAYS = ("branch", ELEMENT)


_EVENT = sa.select(events).where(events.c.seq == sa.bindparam("of"))
_RUN = sa.select(runs).where(runs.c.id == sa.bindparam("of"))
_RUNS_OF = sa.select(runs).where(runs.c.seq == sa.bindparam("of")).order_by(runs.c.id)
_EPOCH = sa.select(runs.c.epoch).where(runs.c.id == sa.bindparam("of"))


class StaleRun(Exception):
    """Another leg has taken this run over: whoever sees this must stop without a trace (reliability D3)."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """How far an event has come: ``state`` is queued or one of the three end states.

    ``wanted`` is the number of the newest ticket for its work (-1: it can never be worked on), ``submitted`` the one that the
    engine has: the work is to be handed over while they differ, and a leg with an older ticket has nothing to do.
    ``turn``: no older event of its lane is on its way. Until ``due_at`` (epoch seconds) there is nothing to do;
    ``waits_for`` names the connection it waits for instead.
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


@dataclass(frozen=True, slots=True)
class RunRow:
    """One version of a workflow walked for one fact. ``epoch`` is the number of the leg that may write for it."""

    id: str
    seq: int
    workflow: str
    version: int
    connection: str
    livemode: bool
    fact: str
    subject: str
    state: str
    node: str
    code: str
    sentence: str
    detail: str
    attempts: int
    tries: int
    epoch: int
    legs_since_rest: int
    wake_at: float
    started_at: float
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded node: ``path`` is its id, with the loop and place in front when it stands in a loop."""

    path: str
    type: str
    wrote: bool
    outcome: Any
    at: float


def add_events(db: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Take events up, in the state they are given; those already there stay as they are."""
    db.execute(insert(events).on_conflict_do_nothing(), list(rows))
    for connection, lane in {(row["connection"], row["lane"]) for row in rows}:
        _give_turn(db, connection, lane)


def end_event(db: sa.Connection, seq: int, state: str, reason: str, at: float) -> None:
    """Give an event its end state, and its turn to the next of its lane."""
    set_event(db, seq, state=state, reason=reason, ended_at=at, turn=False, due_at=0.0, waits_for="")
    ended = event(db, seq)
    _give_turn(db, ended.connection, ended.lane)


def want_again(db: sa.Connection, seq: int) -> None:
    """Queue an event that had ended; it waits for its turn as every other."""
    ended = event(db, seq)
    set_event(db, seq, state=QUEUED, wanted=ended.wanted + 1, failed_tries=0, ended_at=None)
    _give_turn(db, ended.connection, ended.lane)


def _give_turn(db: sa.Connection, connection: str, lane: str) -> None:
    """Of the events of a lane that are on their way exactly one has its turn: the oldest, unless another has it."""
    of_lane = sa.and_(events.c.connection == connection, events.c.lane == lane, events.c.state == QUEUED)
    if db.execute(sa.select(events.c.seq).where(of_lane, events.c.turn.is_(True)).limit(1)).scalar() is None:
        oldest = sa.select(sa.func.min(events.c.seq)).where(of_lane).scalar_subquery()
        db.execute(sa.update(events).where(events.c.seq == oldest).values(turn=True))


def event(db: sa.Connection, seq: int) -> EventRow:
    """The event with that number; NoResultFound when it was never taken up."""
    return EventRow(**db.execute(_EVENT, {"of": seq}).one()._mapping)


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


def handed_over(db: sa.Connection, limit: int) -> list[EventRow]:
    """Events whose work the engine has, or should have, oldest first."""
    handed = sa.and_(events.c.state == QUEUED, events.c.turn.is_(True), events.c.wanted == events.c.submitted)
    return [
        EventRow(**row._mapping)
        for row in db.execute(sa.select(events).where(handed).order_by(events.c.seq).limit(limit))
    ]


def want_instead(db: sa.Connection, lost: EventRow) -> bool:
    """Want the work of an event anew; False when it has come further since it was read."""
    same = sa.and_(events.c.seq == lost.seq, events.c.state == QUEUED, events.c.wanted == lost.wanted)
    change = sa.update(events).where(same).values(wanted=lost.wanted + 1, due_at=0.0, waits_for="")
    return db.execute(change).rowcount == 1


def _probes(db: sa.Connection, connection: str) -> int:
    """How many events are with the engine to see whether a connection is back."""
    waiting = sa.and_(events.c.waits_for == connection, sa.text("waits_for != ''"))  # the index says it so
    asking = sa.and_(events.c.turn.is_(True), events.c.wanted == events.c.submitted, waiting)
    return db.execute(sa.select(sa.func.count()).select_from(events).where(asking)).scalar_one()


def next_due(db: sa.Connection) -> float | None:
    """When the next event is due that the engine does not have, or None when there is none."""
    ready = sa.and_(events.c.turn.is_(True), events.c.wanted > events.c.submitted)
    on_time = sa.select(sa.func.min(events.c.due_at)).where(ready, events.c.waits_for == "")
    joined = connections.join(events, events.c.waits_for == connections.c.name)
    on_others = sa.select(sa.func.min(connections.c.paused_until)).select_from(joined).where(ready)
    found = [db.execute(one).scalar() for one in (on_time, on_others)]
    return min((at for at in found if at is not None), default=None)


def set_event(db: sa.Connection, seq: int, **values: Any) -> None:
    """Change columns of one event."""
    db.execute(sa.update(events).where(events.c.seq == seq).values(**values))


def add_run(db: sa.Connection, row: dict[str, Any]) -> None:
    """Start a run, unless this workflow already has one for the same fact."""
    db.execute(insert(runs).on_conflict_do_nothing(), [row])


def run(db: sa.Connection, run_id: str) -> RunRow | None:
    """The run with that id, or None."""
    row = db.execute(_RUN, {"of": run_id}).one_or_none()
    return RunRow(**row._mapping) if row else None


def runs_of(db: sa.Connection, seq: int) -> list[RunRow]:
    """The runs that one event started."""
    return [RunRow(**row._mapping) for row in db.execute(_RUNS_OF, {"of": seq})]


def run_for_fact(db: sa.Connection, workflow: str, connection: str, livemode: bool, fact: str) -> RunRow | None:
    """The run that a workflow has for a fact, or None."""
    found = sa.select(runs).where(
        runs.c.workflow == workflow, runs.c.connection == connection, runs.c.livemode == livemode, runs.c.fact == fact
    )
    row = db.execute(found).one_or_none()
    return RunRow(**row._mapping) if row else None


def runs_for_fact(db: sa.Connection, connection: str, livemode: bool, fact: str) -> list[RunRow]:
    """All runs for a fact, whatever their workflow."""
    found = sa.select(runs).where(runs.c.connection == connection, runs.c.livemode == livemode, runs.c.fact == fact)
    return [RunRow(**row._mapping) for row in db.execute(found.order_by(runs.c.id))]


def set_run(db: sa.Connection, run_id: str, owner: int | None, /, **values: Any) -> None:
    """Change columns of a run. With an ``owner``: StaleRun unless the leg of that epoch still owns it."""
    change = sa.update(runs).where(runs.c.id == run_id).values(**values)
    if owner is not None:
        change = change.where(runs.c.epoch == owner)
    if db.execute(change).rowcount != 1:
        raise StaleRun(f"run {run_id} is not owned by leg {owner} any more")


def require_owner(db: sa.Connection, run_id: str, epoch: int) -> None:
    """StaleRun unless that leg still owns the run."""
    if db.execute(_EPOCH, {"of": run_id}).scalar_one() != epoch:
        raise StaleRun(f"run {run_id} is not owned by leg {epoch} any more")


def steps_of(db: sa.Connection, run_id: str) -> list[Step]:
    """The recorded steps of a run, in the order they happened."""
    rows = db.execute(sa.select(steps).where(steps.c.run == run_id).order_by(steps.c.place))
    return [Step(row.path, row.type, row.wrote, unpack(row.outcome), row.at) for row in rows]


def next_place(db: sa.Connection, run_id: str) -> int:
    """Where the next step of a run belongs: after the last that is kept."""
    last = db.execute(sa.select(sa.func.max(steps.c.place)).where(steps.c.run == run_id)).scalar()
    return 0 if last is None else last + 1


def add_steps(db: sa.Connection, run_id: str, place: int, done: Sequence[Step]) -> None:
    """Record steps, the first of them at ``place``; a path that is there already is replaced."""
    if not done:
        return
    rows = [
        {
            "run": run_id,
            "path": step.path,
            "place": place + i,
            "type": step.type,
            "wrote": step.wrote,
            "outcome": pack(step.outcome),
            "at": step.at,
        }
        for i, step in enumerate(done)
    ]
    adding = insert(steps)
    kept = {name: adding.excluded[name] for name in ("place", "type", "wrote", "outcome", "at")}
    db.execute(adding.on_conflict_do_update(index_elements=["run", "path"], set_=kept), rows)


def forget_what_was_read(db: sa.Connection, run_id: str) -> None:
    """Drop what was only read or computed, so that a replay reads it afresh.

    What was written stays, and so does the way that led there: a run never writes down two ways. While the fate of a write
    is open nothing is forgotten, or the run might write another record beside it.
    """
    if _is_writing(db, run_id):
        return
    last = sa.select(sa.func.max(steps.c.place)).where(steps.c.run == run_id, steps.c.wrote.is_(True))
    place = db.execute(last).scalar()
    way = sa.and_(steps.c.type.in_(WAYS), steps.c.place < (-1 if place is None else place))
    db.execute(sa.delete(steps).where(steps.c.run == run_id, steps.c.wrote.is_(False), sa.not_(way)))


def _is_writing(db: sa.Connection, run_id: str) -> bool:
    sent = sa.select(intents.c.reference).where(intents.c.run == run_id, intents.c.state == "sending")
    return db.execute(sent.limit(1)).scalar() is not None
