"""Brings a leg to rest: waiting, parked or applied, with what it recorded, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.kernel.failures import Failure
from tieout.kernel.redact import printable, redact
from tieout.store import alerts, lanes, runs, states
from tieout.store.database import Database

DETAIL_CHARACTERS_MAX = 4_000
UNUSED = "run.unused"


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Steps that a leg has done and not yet stored; the first belongs at ``place``."""

    place: int
    steps: Sequence[runs.Step]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where and until when a run waits; ``why`` is None for a wait that was drawn or a write that settles.

    ``attempts`` counts the failed tries that end a run, ``tries`` all of them: outages count only there.
    """

    node: str
    until: float
    why: Failure | None = None
    attempts: int = 0
    tries: int = 0


def wait_run(books: Database, run: runs.RunRow, done: Unsaved, waiting: Waiting) -> None:
    """Let the run wait; its lane waits with it."""
    with books.transaction() as db:
        words = _words(waiting.why) if waiting.why else {"code": "", "sentence": "", "detail": ""}
        tries = {"attempts": waiting.attempts, "tries": waiting.tries, "legs_since_rest": 0}
        change = {"state": states.WAITING, "node": waiting.node, "wake_at": waiting.until}
        runs.set_run(db, run.id, run.epoch, **change, **tries, **words)
        runs.add_steps(db, run.id, done.place, done.steps)


def park_run(books: Database, run: runs.RunRow, done: Unsaved, node: str, failure: Failure, at: float) -> None:
    """Stop the run for a person, with the reason in words, and raise an alert."""
    with books.transaction() as db:
        end = {"state": states.PARKED, "node": node, "ended_at": at, "wake_at": 0.0, "legs_since_rest": 0}
        runs.set_run(db, run.id, run.epoch, **end, **_words(failure))
        runs.add_steps(db, run.id, done.place, done.steps)
        alerts.add(db, failure.code, printable(failure.sentence), run.id, at)
        _end_event(db, run.seq, at)


def finish_run(books: Database, run: runs.RunRow, done: Unsaved, at: float) -> None:
    """The run came to the end of its drawing."""
    with books.transaction() as db:
        end = {"state": states.APPLIED, "node": "", "ended_at": at, "wake_at": 0.0, "legs_since_rest": 0}
        words = {"code": "", "sentence": "", "detail": ""}
        runs.set_run(db, run.id, run.epoch, **end, **words, attempts=0, tries=0)
        runs.add_steps(db, run.id, done.place, done.steps)
        _tell_what_was_not_used(db, run, at)
        _end_event(db, run.seq, at)


def _tell_what_was_not_used(db: sa.Connection, run: runs.RunRow, at: float) -> None:
    """One alert for everything that matters; the rest is shown with the run."""
    told = [one for step in runs.steps_of(db, run.id) for one in step.outcome.get("remarks", ()) if one["matters"]]
    if told:
        words = "; ".join(f"{one['field']} ({one['value'][:80]}): {one['why']}" for one in told)
        sentence = (
            f"Not everything of {run.subject} was used as it was told: {words}. See it with: tieout show {run.id}."
        )
        alerts.add(db, UNUSED, printable(sentence), run.id, at)


def _words(failure: Failure) -> dict[str, str]:
    detail = redact(failure.detail)[:DETAIL_CHARACTERS_MAX]
    return {"code": failure.code, "sentence": printable(failure.sentence), "detail": detail}


def _end_event(db: sa.Connection, seq: int, at: float) -> None:
    found = {run.state for run in runs.runs_of(db, seq)}
    if found <= set(states.ENDED):
        worst = next(state for state in (states.PARKED, states.APPLIED, states.IGNORED) if state in found)
        lanes.end_event(db, seq, worst, "", at)
