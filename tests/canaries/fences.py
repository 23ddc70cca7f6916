"""Bugs in the write protocol: what keeps a record from being written twice, or by whoever has no say any more."""

from __future__ import annotations

from typing import Any

from tests.canaries._canary import Canary, Replace
from tests.crash import planted
from tieout.domain import writing
from tieout.kernel import permit
from tieout.operations import keep_intent
from tieout.store import runs


def _nobody_owns_a_run(replace: Replace) -> None:
    """A leg that was overtaken goes on writing."""
    replace(runs, "require_owner", lambda _db, _run, _epoch: None)


def _a_permit_lasts_for_ever(replace: Replace) -> None:
    """A write begins however long ago it was allowed."""
    replace(permit, "has_expired", lambda: False)


def _nobody_is_busy(replace: Replace) -> None:
    """What another live run is writing is written beside it."""
    replace(keep_intent, "_busy_elsewhere", lambda _db, _kept, _run: None)


def _the_ended_are_busy(replace: Replace) -> None:
    """A record that a parked run holds is waited for, for ever."""

    def busy(db: Any, kept: Any, run: Any) -> Any:
        if kept.run == run.id or kept.intent.state is writing.State.CONFIRMED:
            return None
        return runs.run(db, kept.run)

    replace(keep_intent, "_busy_elsewhere", busy)


def _nothing_is_compared(replace: Replace) -> None:
    """Whatever carries the reference is taken for what was sent."""
    careful = writing.after_look

    def after_look(intent: Any, found: Any, now: float) -> Any:
        if len(found) == 1 and not found[0].void:
            return writing.Adopt(found[0])
        return careful(intent, found, now)

    replace(writing, "after_look", after_look)


def _every_try_is_the_first(replace: Replace) -> None:
    """Failed tries are not counted, so that a run never ends."""
    from tieout.processes import run_workflow

    replace(run_workflow, "attempts_after", lambda _attempts, _failure: 0)


def _the_look_is_believed_at_once(replace: Replace) -> None:
    planted.look_without_settling(replace)


def _an_error_is_sent_again(replace: Replace) -> None:
    planted.resend_on_error(replace)


CANARIES = (
    Canary("an overtaken leg goes on writing", "fences", "standstill", _nobody_owns_a_run),
    Canary("a held-up write begins anyway", "fences", "standstill", _a_permit_lasts_for_ever),
    Canary("a record under way is written by two", "fences", "one_record", _nobody_is_busy),
    Canary("what an ended run holds is waited for", "fences", "one_record", _the_ended_are_busy),
    Canary("a look is believed before it has settled", "fences", "late_answers", _the_look_is_believed_at_once),
    Canary("an error is sent again", "fences", "late_answers", _an_error_is_sent_again),
    Canary("what carries the reference is not compared", "fences", "bent_records", _nothing_is_compared),
    Canary("failed tries are not counted", "fences", "tries", _every_try_is_the_first),
)
