"""Alerts: messages worth a person."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tieout.store.tables import alerts


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert. ``about`` is what it speaks of, and with ``code`` what it is told once for.

    A parked run: its id (``R12``). An event without a run: its event id (``evt_…``). A connection that is away: its name.
    What a workflow says by a node: the run's id and the node's path (``R12 tell_sales``).
    """

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
