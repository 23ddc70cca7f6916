"""Published versions of workflows: immutable, one of each name active."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tieout.store.tables import workflows


@dataclass(frozen=True, slots=True)
class Published:
    """One published version; ``text`` is the file as published."""

    name: str
    version: int
    text: str
    fingerprint: str
    published_at: float
    active: bool


def publish(db: sa.Connection, name: str, text: str, fingerprint: str, at: float) -> Published:
    """Add the next version and make it the active one; the active version with the same content is given back."""
    current = active(db, name)
    if current and current.fingerprint == fingerprint:
        return current
    last = db.execute(sa.select(sa.func.max(workflows.c.version)).where(workflows.c.name == name)).scalar() or 0
    db.execute(sa.update(workflows).where(workflows.c.name == name).values(active=False))
    new = Published(name, last + 1, text, fingerprint, at, True)
    row = {key: getattr(new, key) for key in Published.__dataclass_fields__}
    db.execute(sa.insert(workflows).values(row))
    return new


def retire(db: sa.Connection, name: str) -> int:
    """Let no new run start; answers how many versions were active (0 or 1)."""
    change = sa.update(workflows).where(workflows.c.name == name, workflows.c.active.is_(True)).values(active=False)
    return db.execute(change).rowcount


def active(db: sa.Connection, name: str) -> Published | None:
    """The active version, or None."""
    found = sa.select(workflows).where(workflows.c.name == name, workflows.c.active.is_(True))
    row = db.execute(found).one_or_none()
    return Published(**row._mapping) if row else None


def version(db: sa.Connection, name: str, number: int) -> Published | None:
    """One version, or None."""
    found = sa.select(workflows).where(workflows.c.name == name, workflows.c.version == number)
    row = db.execute(found).one_or_none()
    return Published(**row._mapping) if row else None


def all_active(db: sa.Connection) -> list[Published]:
    """The active version of every workflow, by name."""
    found = sa.select(workflows).where(workflows.c.active.is_(True)).order_by(workflows.c.name)
    return [Published(**row._mapping) for row in db.execute(found)]
