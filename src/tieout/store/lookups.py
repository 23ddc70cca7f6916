"""Look-up tables that stand apart from workflows: their rows as they are, and every version by what it changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.audit.act import Actor
from tieout.domain.lookup_table import Row, Rows
from tieout.store.tables import lookup_rows, lookup_versions

Changes = Mapping[str, Row | None]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a table: the rows it set (None: took away), when, by whom and why."""

    name: str
    version: int
    changes: Changes
    at: float
    user: str
    who: str
    reason: str


def rows(db: sa.Connection, name: str) -> Rows:
    """The rows of a table as they are now, by key."""
    found = db.execute(sa.select(lookup_rows).where(lookup_rows.c.name == name).order_by(lookup_rows.c.key))
    return {row.key: Row(row.value, row.unit) for row in found}


def all_rows(db: sa.Connection) -> dict[str, dict[str, Row]]:
    """Every table with its rows."""
    tables: dict[str, dict[str, Row]] = {}
    for row in db.execute(sa.select(lookup_rows)):
        tables.setdefault(row.name, {})[row.key] = Row(row.value, row.unit)
    return tables


def stamp(db: sa.Connection) -> int:
    """A number that grows with every change of any table."""
    return db.execute(sa.select(sa.func.count()).select_from(lookup_versions)).scalar_one()


def versions(db: sa.Connection, name: str = "") -> list[Version]:
    """The versions of a table, or of all, oldest first."""
    wanted = sa.select(lookup_versions).order_by(lookup_versions.c.name, lookup_versions.c.version)
    if name:
        wanted = wanted.where(lookup_versions.c.name == name)
    return [_version(row) for row in db.execute(wanted)]


def change(db: sa.Connection, name: str, changes: Changes, who: Actor, reason: str, at: float) -> int:
    """Make the next version of a table; answers its number."""
    for key, row in changes.items():
        db.execute(sa.delete(lookup_rows).where(lookup_rows.c.name == name, lookup_rows.c.key == key))
        if row is not None:
            db.execute(sa.insert(lookup_rows).values(name=name, key=key, value=row.value, unit=row.unit))
    last = db.execute(sa.select(sa.func.max(lookup_versions.c.version)).where(lookup_versions.c.name == name)).scalar()
    number = (last or 0) + 1
    text = json.dumps({key: [row.value, row.unit] if row else None for key, row in changes.items()}, ensure_ascii=False)
    kept = {"name": name, "version": number, "changes": text, "at": at, "user": who.user, "who": who.name}
    db.execute(sa.insert(lookup_versions).values(**kept, reason=reason))
    return number


def _version(row: sa.Row[tuple[object, ...]]) -> Version:
    given = json.loads(row.changes)
    changes = {key: Row(*one) if one else None for key, one in given.items()}
    return Version(row.name, row.version, changes, row.at, row.user, row.who, row.reason)
