"""Alerts: messages worth a person."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tieout.store.tables import alerts


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert; ``about`` is the run or connection it speaks of."""

    id: int
    code: str
    sentence: str
    about: str
    at: float


def add(db: sa.Connection, code: str, sentence: str, about: str, at: float) -> None:
    """Keep an alert."""
    db.execute(sa.insert(alerts).values(code=code, sentence=sentence, about=about, at=at))


def latest(db: sa.Connection, limit: int) -> list[AlertRow]:
    """The newest alerts first."""
    return [AlertRow(**row._mapping) for row in db.execute(sa.select(alerts).order_by(alerts.c.id.desc()).limit(limit))]


def raised(db: sa.Connection, code: str, about: str) -> bool:
    """Whether there is such an alert about that."""
    same = sa.select(alerts.c.id).where(alerts.c.code == code, alerts.c.about == about).limit(1)
    return db.execute(same).scalar() is not None
