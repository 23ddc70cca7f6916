"""Until when the list of a connection's past events was read."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.store import dialect
from tieout.store.tables import caught_up


def until(db: sa.Connection, connection: str) -> float:
    """The moment (epoch seconds), 0 when the list was never read."""
    found = db.execute(sa.select(caught_up.c.until).where(caught_up.c.connection == connection)).scalar()
    return found or 0.0


def put(db: sa.Connection, connection: str, moment: float) -> None:
    """Keep it."""
    dialect.put(db, caught_up, [{"connection": connection, "until": moment}])
