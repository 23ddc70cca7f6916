"""Lets a parked run or event go on at the step that failed; what is not parked is refused (E5)."""

from __future__ import annotations

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_act
from tieout.store import lanes, runs, states, workflows
from tieout.store.database import Database


def replay_run(books: Database, run_id: str, at: float, who: Actor = PROGRAM, reason: str = "") -> runs.RunRow:
    """Queue the run again, on the active version of its workflow. Failed(Fix) unless it is parked."""
    with books.transaction() as db:
        run = runs.run(db, run_id)
        if run is None:
            raise Failed(Fix("replay.unknown", f"There is no run {run_id}; list them with: tieout runs", value=run_id))
        if run.state != states.PARKED:
            raise Failed(Fix("replay.state", f"Run {run_id} is {run.state}; only a parked run can be replayed."))
        active = workflows.active(db, run.workflow)
        number = runs.keep_try(db, run, at)
        runs.forget_what_was_read(db, run_id)
        version = active.version if active else run.version
        fresh = {"attempts": 0, "tries": 0, "legs_since_rest": 0, "ended_at": None, "wake_at": at}
        runs.set_run(db, run_id, run.epoch, state=states.WAITING, version=version, epoch=run.epoch + 1, **fresh)
        lanes.want_again(db, run.seq)
        lanes.wake_aside(db)  # some of it may wait for this run
        was = {"state": run.state, "node": run.node, "code": run.code, "version": run.version, "try": number}
        record_act(db, who, Act("replay", run_id, was, {"state": states.WAITING, "version": version}, reason), at)
        return run


def replay_event(books: Database, seq: int, at: float, who: Actor = PROGRAM, reason: str = "") -> None:
    """Queue a parked event that has no run. Failed(Fix) unless it is parked and can be read."""
    with books.transaction() as db:
        event = lanes.event(db, seq)
        if event.state != states.PARKED or event.wanted < 0:
            raise Failed(Fix("replay.state", f"Event {event.event_id} is {event.state} and cannot be replayed."))
        lanes.want_again(db, seq)
        was = {"state": event.state, "why": event.reason}
        record_act(db, who, Act("replay", event.event_id, was, {"state": states.QUEUED}, reason), at)
