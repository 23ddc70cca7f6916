"""Starts a run: one version of a workflow, pinned, for one fact; once per fact."""

from __future__ import annotations

from tieout.domain.facts import Fact
from tieout.store import runs
from tieout.store.database import Database
from tieout.store.workflows import Published


def start_run(books: Database, event: runs.EventRow, published: Published, fact: Fact, at: float) -> runs.RunRow:
    """The run of this workflow for this fact: a new one, or the one that an earlier event started."""
    with books.transaction() as db:
        place = len(runs.runs_of(db, event.seq)) + 1
        runs.add_run(db, _row(event, published, fact, at, f"R{event.seq}" if place == 1 else f"R{event.seq}-{place}"))
        found = runs.run_for_fact(db, published.name, event.connection, event.livemode, fact.identity)
    assert found is not None, "a run was just added or was there"
    return found


def _row(event: runs.EventRow, published: Published, fact: Fact, at: float, run_id: str) -> dict[str, object]:
    return {
        "id": run_id,
        "seq": event.seq,
        "workflow": published.name,
        "version": published.version,
        "connection": event.connection,
        "livemode": event.livemode,
        "fact": fact.identity,
        "subject": fact.subject,
        "state": runs.RUNNING,
        "started_at": at,
    }
