"""Retires a workflow: runs under way finish, new facts no longer start it."""

from __future__ import annotations

from tieout.kernel.failures import Failed, Fix
from tieout.store import workflows
from tieout.store.database import Database


def retire_workflow(books: Database, name: str) -> None:
    """Make no version of it the active one. Failed(Fix) when none is."""
    with books.transaction() as db:
        if not workflows.retire(db, name):
            names = ", ".join(one.name for one in workflows.all_active(db)) or "none"
            raise Failed(Fix("workflow.unknown", f"No workflow {name!r} is active; active are: {names}.", value=name))
