"""Takes a run over for one leg: from now on only this leg may write for it."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.kernel.failures import Defect, Failed
from tieout.store import runs, states, workflows
from tieout.store.database import Database

CRASHES_MAX = 20


@dataclass(frozen=True, slots=True)
class Begun:
    """What a leg starts from: the run as owned, its pinned workflow's text, and what earlier legs recorded.

    ``place`` is where the next step belongs.
    """

    run: runs.RunRow
    text: str
    steps: tuple[runs.Step, ...]
    place: int


def begin_leg(books: Database, run_id: str) -> Begun:
    """Own the run. Failed(Defect) when its legs keep dying without ever coming to rest (reliability D16)."""
    with books.transaction() as db:
        run = runs.run(db, run_id)
        assert run is not None, f"run {run_id} was started before its leg"
        legs = run.legs_since_rest + 1
        runs.set_run(db, run_id, None, epoch=run.epoch + 1, legs_since_rest=legs, state=states.RUNNING)
        owned = runs.run(db, run_id)
        published = workflows.version(db, run.workflow, run.version)
        steps, place = tuple(runs.steps_of(db, run_id)), runs.next_place(db, run_id)
    assert owned is not None and published is not None, "versions are never deleted"
    if legs > CRASHES_MAX:
        raise Failed(_crashing(run_id, legs - 1))
    return Begun(owned, published.text, steps, place)


def _crashing(run_id: str, crashes: int) -> Defect:
    return Defect(
        "run.crashing",
        f"The worker died {crashes} times in a row while it was walking run {run_id}. "
        "Read the worker's log, report what it says, then replay.",
    )
