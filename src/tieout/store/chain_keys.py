"""Keys of the chain from before a rotation, each sealed by the vault."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.store import dialect
from tieout.store.tables import chain_keys


def put(db: sa.Connection, name: str, sealed: bytes) -> None:
    """Keep a key, new or sealed anew."""
    dialect.put(db, chain_keys, [{"name": name, "sealed": sealed}])


def get(db: sa.Connection, name: str) -> bytes | None:
    """A key as sealed, or None."""
    return db.execute(sa.select(chain_keys.c.sealed).where(chain_keys.c.name == name)).scalar()


def every(db: sa.Connection) -> dict[str, bytes]:
    """All of them by name."""
    return {row.name: row.sealed for row in db.execute(sa.select(chain_keys))}
