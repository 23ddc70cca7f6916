"""Who did what in the close of a period, when and why; only ever added to (accounting C9)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tieout.store.ledger_tables import close_log

PREPARED, APPROVED, LOCKED, REOPENED, REASON = "prepared", "approved", "locked", "reopened", "reason"


@dataclass(frozen=True, slots=True)
class CloseAct:
    """One act. ``about`` is the item that a reason is for; ``evidence`` the hash of the manifest that was signed.

    ``figures`` is the fingerprint of the period's own figures then: what the next person signs must be the same.
    """

    connection: str
    period: str
    act: str
    actor: str
    at: float
    about: str = ""
    reason: str = ""
    evidence: str = ""
    figures: str = ""


def add(db: sa.Connection, act: CloseAct) -> None:
    """Keep an act."""
    db.execute(sa.insert(close_log).values({name: getattr(act, name) for name in CloseAct.__dataclass_fields__}))


def of_period(db: sa.Connection, connection: str, period: str) -> list[CloseAct]:
    """All acts of a period, oldest first."""
    columns = [close_log.c[name] for name in CloseAct.__dataclass_fields__]
    found = sa.select(*columns).where(close_log.c.connection == connection, close_log.c.period == period)
    return [CloseAct(**row._mapping) for row in db.execute(found.order_by(close_log.c.id))]


def since_reopened(acts: list[CloseAct]) -> list[CloseAct]:
    """What was done since the period was last reopened; all of it when it never was."""
    last = max((place for place, act in enumerate(acts) if act.act == REOPENED), default=-1)
    return acts[last + 1 :]
