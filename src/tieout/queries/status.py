"""Whether all is well, in a few figures."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tieout.queries.runs import Counts, counts
from tieout.store import connections, workflows
from tieout.store.database import Database
from tieout.store.ledger_tables import exceptions
from tieout.store.tables import alerts

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """One connection; ``why`` says why it is paused, and is empty while it is not."""

    name: str
    connector: str
    why: str


@dataclass(frozen=True, slots=True)
class Status:
    """``questions`` are open exceptions of the books, ``alerts`` those of the last 24 hours."""

    events: Counts
    connections: tuple[ConnectionState, ...]
    workflows: tuple[tuple[str, int], ...]
    questions: int
    alerts: int


def status_of(books: Database, now: float) -> Status:
    """Where an installation stands at a moment (epoch seconds)."""
    return Status(counts(books), connection_states(books, now), active_workflows(books), *_numbers(books, now))


def connection_states(books: Database, now: float) -> tuple[ConnectionState, ...]:
    """Every connection by name."""
    with books.reading() as db:
        rows = connections.every(db)
    return tuple(
        ConnectionState(row.name, row.connector, row.paused_because if row.paused_until > now else "") for row in rows
    )


def active_workflows(books: Database) -> tuple[tuple[str, int], ...]:
    """Name and version of every active workflow."""
    with books.reading() as db:
        return tuple((one.name, one.version) for one in workflows.all_active(db))


def _numbers(books: Database, now: float) -> tuple[int, int]:
    with books.reading() as db:
        open_now = sa.select(sa.func.count()).select_from(exceptions).where(exceptions.c.closed_at.is_(None))
        fresh = sa.select(sa.func.count()).select_from(alerts).where(alerts.c.at > now - DAY_SECONDS)
        return int(db.execute(open_now).scalar_one()), int(db.execute(fresh).scalar_one())
