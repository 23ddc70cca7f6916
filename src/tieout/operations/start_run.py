"""Starts runs: one version of each workflow that listens, pinned, for one fact; once per fact."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tieout.domain.facts import Fact
from tieout.store import lanes, runs, states
from tieout.store.database import Database
from tieout.store.workflows import Published


def start_runs(
    books: Database, event: lanes.EventRow, listening: Sequence[Published], fact: Fact, at: float
) -> list[runs.RunRow]:
    """The runs of these workflows for this fact, all or none: new ones, or those that an earlier event started.

    A fact is handled once: a workflow published between two events that state it does not begin again what is done.
    """
    with books.transaction() as db:
        earlier = runs.runs_for_fact(db, event.connection, event.livemode, fact.identity)
        return earlier or [_started(db, event, published, fact, at) for published in listening]


def _started(db: sa.Connection, event: lanes.EventRow, published: Published, fact: Fact, at: float) -> runs.RunRow:
    place = len(runs.runs_of(db, event.seq)) + 1
    run_id = f"R{event.seq}" if place == 1 else f"R{event.seq}-{place}"
    runs.add_run(db, _row(event, published, fact, at, run_id))
    found = runs.run_for_fact(db, published.name, event.connection, event.livemode, fact.identity)
    assert found is not None, "a run was just added or was there"
    return found


def _row(event: lanes.EventRow, published: Published, fact: Fact, at: float, run_id: str) -> dict[str, object]:
    return {
        "id": run_id,
        "seq": event.seq,
        "workflow": published.name,
        "version": published.version,
        "connection": event.connection,
        "livemode": event.livemode,
        "fact": fact.identity,
        "subject": fact.subject,
        "state": states.RUNNING,
        "started_at": at,
    }
