"""Which installation a database belongs to: one row in the inbox, one in the books."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

_TABLE = sa.table(
    "installation",
    sa.column("id", sa.Text),
    sa.column("generation", sa.Integer),
    sa.column("seen_at", sa.Float),
    sa.column("settles_anew", sa.Boolean),
)


@dataclass(frozen=True, slots=True)
class Belongs:
    """``id`` of the installation; ``generation`` counts the starts of its processes, so that an older file is known as such.

    In the books alone: ``seen_at`` is the last moment at which a
    worker was seen at work (epoch seconds); ``settles_anew`` says that these books do not know of the last writes.
    """

    id: str
    generation: int = 0
    seen_at: float = 0.0
    settles_anew: bool = False


def get(db: sa.Connection) -> Belongs | None:
    """Which installation it belongs to, or None before it belongs to any."""
    row = db.execute(sa.select(_TABLE)).one_or_none()
    return Belongs(**row._mapping) if row else None


def put(db: sa.Connection, belongs: Belongs) -> None:
    """Keep it."""
    db.execute(sa.delete(_TABLE))
    db.execute(sa.insert(_TABLE).values(**asdict(belongs)))


def count(db: sa.Connection, generation: int) -> None:
    """So many times have its processes been started."""
    db.execute(sa.update(_TABLE).values(generation=generation))


def see(db: sa.Connection, at: float) -> None:
    """A worker is at work at this moment (epoch seconds)."""
    db.execute(sa.update(_TABLE).values(seen_at=at))


def unsettle(db: sa.Connection) -> None:
    """These books do not know of the last writes."""
    db.execute(sa.update(_TABLE).values(settles_anew=True))


def has_settled(db: sa.Connection) -> None:
    """What the lost books may have sent has had its time."""
    db.execute(sa.update(_TABLE).values(settles_anew=False))
