"""Configured accounts of connectors, their sealed secrets, and whether one is paused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.kernel.canonical import canonical
from tieout.store import dialect
from tieout.store.tables import acts, connections

SEALING = ("connect", "vault.rotate")  # acts that seal secrets anew
WORTH_AN_ALERT = 4  # pauses in a row; fewer are a "too many requests" or a few seconds of silence


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """One configured account; ``sealed`` is what the vault made of its secrets, ``outages`` the pauses in a row.

    ``version`` is how often its secrets were sealed, by the audit trail (0 before that was counted): only the last open.
    """

    name: str
    connector: str
    settings: dict[str, Any]
    sealed: bytes
    outages: int
    paused_until: float
    paused_because: str
    version: int = 0

    @property
    def is_away(self) -> bool:
        """Whether it has not answered for so long that a person should know."""
        return self.outages >= WORTH_AN_ALERT


def put(db: sa.Connection, name: str, connector: str, settings: dict[str, Any], sealed: bytes) -> None:
    """Keep a connection, new or changed; a changed one is no longer paused."""
    row: dict[str, Any] = {"name": name, "connector": connector, "settings": canonical(settings), "sealed": sealed}
    row |= {"outages": 0, "paused_until": 0.0, "paused_because": ""}
    dialect.put(db, connections, [row])


def every(db: sa.Connection) -> list[ConnectionRow]:
    """All connections, by name."""
    return [_row(row) for row in db.execute(_with_version().order_by(connections.c.name))]


def get(db: sa.Connection, name: str) -> ConnectionRow | None:
    """The connection of that name, or None."""
    row = db.execute(_with_version().where(connections.c.name == name)).one_or_none()
    return _row(row) if row else None


def shorten_pauses(db: sa.Connection, latest: float) -> None:
    """No connection is paused beyond that moment (epoch seconds)."""
    db.execute(sa.update(connections).where(connections.c.paused_until > latest).values(paused_until=latest))


def reseal(db: sa.Connection, name: str, sealed: bytes) -> None:
    """Keep the same secrets, sealed anew."""
    db.execute(sa.update(connections).where(connections.c.name == name).values(sealed=sealed))


def pause(db: sa.Connection, name: str, until: float, because: str, outages: int) -> None:
    """Let nothing call this connection before ``until``."""
    change = sa.update(connections).where(connections.c.name == name)
    db.execute(change.values(paused_until=until, paused_because=because, outages=outages))


def _with_version() -> sa.Select[Any]:
    counted = sa.func.max(dialect.json_whole(acts.c.after, "version"))
    mine = sa.select(counted).where(acts.c.about == connections.c.name, acts.c.what.in_(SEALING))
    return sa.select(connections, sa.func.coalesce(mine.scalar_subquery(), 0).label("version"))


def _row(row: sa.Row[Any]) -> ConnectionRow:
    return ConnectionRow(**{**row._mapping, "settings": json.loads(row.settings)})
