"""Runs and their steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.kernel.canonical import pack, unpack
from tieout.store import dialect
from tieout.store.states import PARKED
from tieout.store.tables import earlier_steps, earlier_tries, intents, runs, steps

ELEMENT = "element"
WAYS = ("branch", ELEMENT)
CUSTOMER = ("address", "contact", "customer")  # the records that make a customer
NOTES = ("metadata:", "store_order:")

_RUN = sa.select(runs).where(runs.c.id == sa.bindparam("of"))
_RUNS_OF = sa.select(runs).where(runs.c.seq == sa.bindparam("of")).order_by(runs.c.id)
_EPOCH = sa.select(runs.c.epoch).where(runs.c.id == sa.bindparam("of"))


class StaleRun(Exception):
    """Another leg has taken this run over: whoever sees this must stop without a trace (reliability D3)."""


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


@dataclass(frozen=True, slots=True)
class EarlierTry:
    """How a run had ended before a replay: where, why, and every step that it had recorded."""

    run: str
    number: int
    version: int
    node: str
    code: str
    sentence: str
    detail: str
    ended_at: float | None
    replayed_at: float
    steps: tuple[Step, ...]


def add_run(db: sa.Connection, row: dict[str, Any]) -> None:
    """Start a run, unless this workflow already has one for the same fact."""
    dialect.add_new(db, runs, [row])


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


def parked_about(db: sa.Connection, connection: str, subject: str) -> str:
    """The id of a parked run about a Stripe object, or an empty text."""
    found = sa.select(runs.c.id).where(
        runs.c.connection == connection, runs.c.subject == subject, runs.c.state == PARKED
    )
    return db.execute(found.limit(1)).scalar() or ""


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
    return [_step(row) for row in rows]


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
    dialect.put(db, steps, rows)


def keep_try(db: sa.Connection, run: RunRow, at: float) -> int:
    """Keep how the try that ends here went, before it is replayed; answers its number, from 1."""
    last = db.execute(sa.select(sa.func.max(earlier_tries.c.number)).where(earlier_tries.c.run == run.id)).scalar()
    number = (last or 0) + 1
    ended = {name: getattr(run, name) for name in ("version", "node", "code", "sentence", "detail", "ended_at")}
    db.execute(sa.insert(earlier_tries).values(run=run.id, number=number, replayed_at=at, **ended))
    names = [column.name for column in steps.columns]
    done = sa.select(*steps.columns, sa.literal(number)).where(steps.c.run == run.id)
    db.execute(sa.insert(earlier_steps).from_select([*names, "number"], done))
    return number


def earlier_of(db: sa.Connection, run_id: str) -> list[EarlierTry]:
    """The tries of a run before its last replay, the first one first."""
    found = db.execute(sa.select(earlier_tries).where(earlier_tries.c.run == run_id).order_by(earlier_tries.c.number))
    return [EarlierTry(**{**row._mapping, "steps": _earlier_steps(db, run_id, row.number)}) for row in found.all()]


def _earlier_steps(db: sa.Connection, run_id: str, number: int) -> tuple[Step, ...]:
    mine = sa.select(earlier_steps).where(earlier_steps.c.run == run_id, earlier_steps.c.number == number)
    return tuple(_step(row) for row in db.execute(mine.order_by(earlier_steps.c.place)))


def forget_what_was_read(db: sa.Connection, run_id: str) -> None:
    """Drop what was only read or computed, so that a replay reads it afresh.

    What was written stays, and so does the way that led there: a run never writes down two ways. A customer and a note are
    right on any way, so they hold to none. While the fate of a write is open nothing is forgotten, or the run might write another
    record beside it.
    """
    if _is_writing(db, run_id):
        return
    written = sa.and_(steps.c.run == run_id, steps.c.wrote.is_(True), steps.c.path.not_in(_on_any_way(run_id)))
    last = sa.select(sa.func.max(steps.c.place)).where(written)
    place = db.execute(last).scalar()
    way = sa.and_(steps.c.type.in_(WAYS), steps.c.place < (-1 if place is None else place))
    db.execute(sa.delete(steps).where(steps.c.run == run_id, steps.c.wrote.is_(False), sa.not_(way)))


def _on_any_way(run_id: str) -> sa.Select[tuple[str]]:
    kinds = sa.or_(intents.c.entity.in_(CUSTOMER), *(intents.c.entity.startswith(note) for note in NOTES))
    return sa.select(intents.c.path).where(intents.c.run == run_id, kinds)


def forget_from(db: sa.Connection, run_id: str, path: str) -> None:
    """Drop a step and all after it, so that a replay takes them again."""
    place = sa.select(steps.c.place).where(steps.c.run == run_id, steps.c.path == path).scalar_subquery()
    db.execute(sa.delete(steps).where(steps.c.run == run_id, steps.c.place >= place))


def _is_writing(db: sa.Connection, run_id: str) -> bool:
    sent = sa.select(intents.c.reference).where(intents.c.run == run_id, intents.c.state == "sending")
    return db.execute(sent.limit(1)).scalar() is not None


def _step(row: sa.Row[Any]) -> Step:
    return Step(row.path, row.type, row.wrote, unpack(row.outcome), row.at)
