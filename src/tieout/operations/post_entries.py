"""Posts entries that are not rows of the balance: documents, bank deposits, what a person decided. Once per source."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.ledger.entry import Entry
from tieout.kernel.failures import Failed, Fix
from tieout.store import exceptions, journal
from tieout.store.database import Database


def post_entries(books: Database, connection: str, wanted: Sequence[Entry], actor: str, at: float) -> None:
    """Post entries; the same again changes nothing. Failed(Fix) when a source was posted before as something else."""
    with books.transaction() as db:
        conflicts = journal.add(db, connection, wanted, actor, at)
        if conflicts:
            raise Failed(_conflict(conflicts[0]))
        exceptions.close_waiting(db, connection, [one.source for one in wanted], at)


def _conflict(found: journal.Conflict) -> Fix:
    source = found.wanted.source
    return Fix(
        "ledger.conflict",
        f"{source} is posted already as entry {found.kept.seq}, with other lines. Nothing was posted; reverse that entry first.",
        field="source",
        value=source,
    )
