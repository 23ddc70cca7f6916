"""What became of each event: for the page, the command line and machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.facts import JOURNAL_DUE, OWN
from tieout.domain.remark import Remark
from tieout.store import runs as run_store
from tieout.store import states
from tieout.store.database import Database
from tieout.store.tables import events, intents, runs

LINES_MAX = 500
OPEN = "open"
PAYMENTS, JOURNALS = "payments", "journals"
JOURNAL_TYPE = f"{OWN}{JOURNAL_DUE}"
_GOING = (states.QUEUED, states.RUNNING, states.WAITING)
STATES = {**{state: (state,) for state in (*states.ENDED, *_GOING)}, OPEN: _GOING}
_SHOWN = sa.func.coalesce(runs.c.state, events.c.state)


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event and its end: numbers are empty until P21 gave them; ``sentence`` says why it is parked or ignored."""

    seq: int
    event_id: str
    type: str
    run: str
    subject: str
    state: str
    node: str
    customer_no: str
    order_no: str
    invoice_no: str
    receipt_no: str
    sentence: str
    received_at: float
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One recorded step: its outcome as JSON, and (field, expression, value) for each mapped value."""

    path: str
    type: str
    wrote: bool
    outcome: str
    reasons: tuple[tuple[str, str, str], ...]
    at: float
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentLine:
    """One outside write of a run and how far it has come."""

    connection: str
    entity: str
    reference: str
    state: str
    attempt: int
    key: str
    document: str


@dataclass(frozen=True, slots=True)
class TryLine:
    """How a run had ended before it was replayed: where, why, and what it had done by then."""

    number: int
    version: int
    node: str
    code: str
    sentence: str
    detail: str
    ended_at: float | None
    replayed_at: float
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class RunDetail:
    """Everything recorded of one run; ``unused`` is what was found and not used, or used otherwise than it was told."""

    line: EventLine
    workflow: str
    version: int
    code: str
    detail: str
    attempts: int
    wake_at: float
    steps: tuple[StepLine, ...]
    unused: tuple[Remark, ...]
    intents: tuple[IntentLine, ...]
    earlier: tuple[TryLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events are in each state; ``acked`` is all that were kept."""

    acked: int
    applied: int
    parked: int
    ignored: int
    open: int


def event_lines(
    books: Database, *, state: str = "", before: int = 0, limit: int = LINES_MAX, every: bool = True, about: str = ""
) -> list[EventLine]:
    """The newest events first, optionally shown in one of the ``STATES``, or only those older than number ``before``.

    Without ``every``: only those that need somebody's work, which a run does or a person. ``about`` is PAYMENTS (and all else
    that Stripe tells) or JOURNALS (of which Tieout writes many by itself); empty: both.
    """
    wanted = sa.select(events, *_run_columns()).join(runs, runs.c.seq == events.c.seq, isouter=True)
    if not every:
        wanted = wanted.where(events.c.state != states.IGNORED)
    if state:
        wanted = wanted.where(_SHOWN.in_(STATES.get(state, ())))
    if about:
        wanted = wanted.where((events.c.type == JOURNAL_TYPE) == (about == JOURNALS))
    if before:
        wanted = wanted.where(events.c.seq < before)
    with books.reading() as db:
        rows = db.execute(wanted.order_by(events.c.seq.desc()).limit(limit)).all()
        keys = _keys(db, [row.run for row in rows if row.run])
    return [_line(row, keys.get(row.run, {})) for row in rows]


def run_detail(books: Database, run_id: str) -> RunDetail | None:
    """One run with its steps and writes, or None."""
    wanted = sa.select(events, *_run_columns()).join(runs, runs.c.seq == events.c.seq).where(runs.c.id == run_id)
    with books.reading() as db:
        row = db.execute(wanted).one_or_none()
        if row is None:
            return None
        run = run_store.run(db, run_id)
        steps = run_store.steps_of(db, run_id)
        written = db.execute(sa.select(intents).where(intents.c.run == run_id).order_by(intents.c.at)).all()
        keys = _keys(db, [run_id])
        earlier = run_store.earlier_of(db, run_id)
    assert run is not None, "it was joined above"
    return RunDetail(
        _line(row, keys.get(run_id, {})),
        run.workflow,
        run.version,
        run.code,
        run.detail,
        run.attempts,
        run.wake_at,
        _steps(steps),
        tuple(dict.fromkeys(one for step in steps for one in _remarks(step))),
        tuple(_intent(one) for one in written),
        tuple(_try(one) for one in earlier),
    )


def counts(books: Database) -> Counts:
    """How many events are in each state."""
    with books.reading() as db:
        rows = db.execute(sa.select(events.c.state, sa.func.count()).group_by(events.c.state)).all()
    by_state = {str(state): int(number) for state, number in rows}
    applied, parked, ignored = (by_state.get(state, 0) for state in states.ENDED)
    total = sum(by_state.values())
    return Counts(total, applied, parked, ignored, total - applied - parked - ignored)


def find_run(books: Database, name: str) -> str:
    """The run id for a run id, an event id or a Stripe id; empty when there is none."""
    matches = sa.or_(runs.c.id == name, runs.c.subject == name, events.c.event_id == name)
    wanted = sa.select(runs.c.id).join(events, events.c.seq == runs.c.seq).where(matches).order_by(runs.c.seq.desc())
    with books.reading() as db:
        return str(db.execute(wanted.limit(1)).scalar() or "")


def find_event(books: Database, event_id: str) -> int | None:
    """The number of the newest event with that id, or None."""
    wanted = sa.select(events.c.seq).where(events.c.event_id == event_id).order_by(events.c.seq.desc())
    with books.reading() as db:
        return db.execute(wanted.limit(1)).scalar()


def _run_columns() -> tuple[sa.Label[str], ...]:
    return (
        runs.c.id.label("run"),
        runs.c.subject.label("subject"),
        runs.c.node.label("node"),
        _SHOWN.label("shown"),
        runs.c.sentence.label("sentence"),
    )


def _keys(db: sa.Connection, run_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    wanted = sa.select(intents.c.run, intents.c.entity, intents.c.key, intents.c.shown)
    wanted = wanted.where(intents.c.run.in_(list(run_ids)), intents.c.key != "")
    for row in db.execute(wanted.order_by(intents.c.at, intents.c.reference)):  # what replaced another is the later one
        keys = found.setdefault(row.run, {})
        keys[row.entity] = row.key
        if row.entity == "invoice":
            keys.setdefault("sales_order", str(json.loads(row.shown).get("order_no", "")))
    return found


def _line(row: sa.Row[tuple[object, ...]], keys: dict[str, str]) -> EventLine:
    return EventLine(
        seq=row.seq,
        event_id=row.event_id,
        type=row.type,
        run=row.run or "",
        subject=row.subject or row.lane,
        state=row.shown,
        node=row.node or "",
        customer_no=keys.get("customer", ""),
        order_no=keys.get("sales_order", ""),
        invoice_no=keys.get("invoice", ""),
        receipt_no=keys.get("cash_receipt", ""),
        sentence=row.sentence or row.reason,
        received_at=row.received_at,
        ended_at=row.ended_at,
    )


def _try(one: run_store.EarlierTry) -> TryLine:
    words = (one.number, one.version, one.node, one.code, one.sentence, one.detail)
    return TryLine(*words, one.ended_at, one.replayed_at, _steps(one.steps))


def _steps(steps: Iterable[run_store.Step]) -> tuple[StepLine, ...]:
    return tuple(_step(step) for step in steps if step.type != run_store.ELEMENT)


def _step(step: run_store.Step) -> StepLine:
    reasons = tuple((str(a), str(b), str(c)) for a, b, c in step.outcome.get("reasons", []))
    outcome = _readable(json.dumps(step.outcome["value"], default=str, ensure_ascii=False))
    return StepLine(step.path, step.type, step.wrote, outcome, reasons, step.at, _remarks(step))


def _remarks(step: run_store.Step) -> tuple[Remark, ...]:
    return tuple(Remark(**one) for one in step.outcome.get("remarks", ()))


def _readable(text: str) -> str:
    """JSON with letters as people write them; what does not print (such as a change of direction) stays an escape."""
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)


def _intent(row: sa.Row[tuple[object, ...]]) -> IntentLine:
    return IntentLine(row.connection, row.entity, row.reference, row.state, row.attempt, row.key, row.document)
