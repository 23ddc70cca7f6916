"""Retires a workflow: runs under way finish, new facts no longer start it."""

from __future__ import annotations

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_act
from tieout.store import workflows
from tieout.store.database import Database


def retire_workflow(books: Database, name: str, at: float, who: Actor = PROGRAM, reason: str = "") -> None:
    """Make no version of it the active one. Failed(Fix) when none is."""
    with books.transaction() as db:
        before = workflows.active(db, name)
        if before is None:
            names = ", ".join(one.name for one in workflows.all_active(db)) or "none"
            raise Failed(Fix("workflow.unknown", f"No workflow {name!r} is active; active are: {names}.", value=name))
        workflows.retire(db, name)
        record_act(db, who, Act("workflow.retire", name, {"version": before.version}, {"version": None}, reason), at)
