"""Reads what is owed on disputes: their rows, less the outcomes that were posted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from tieout.domain.ledger.account import DISPUTES_RECEIVABLE
from tieout.domain.ledger.disputes import KIND, LOST, WON
from tieout.store.database import Database
from tieout.store.dialect import json_text, json_whole
from tieout.store.ledger_tables import balance_changes, entries, entry_lines
from tieout.store.tables import inbox

CATEGORIES = ("dispute", "dispute_reversal")
CLOSED, UPDATED = "charge.dispute.closed", "charge.dispute.updated"
Owed = tuple[dict[str, int], int]


@dataclass(slots=True)
class Standing:
    """What stands on disputes receivable for one dispute, and how many outcomes were posted.

    ``amounts`` are in minor units by currency; ``values`` is what the ledger carries them at, in its own currency; ``last``
    is the last day (YYYY-MM-DD) on which something of it stands.
    """

    amounts: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    outcomes: int = 0
    last: str = ""

    def add(self, currency: str, amount: int, value: int, day: str) -> None:
        """Count what entries move, the last of them on that day."""
        self.amounts[currency] = self.amounts.get(currency, 0) + amount
        self.values[currency] = self.values.get(currency, 0) + value
        self.last = max(self.last, day)


def owed_on_disputes(db: sa.Connection, connection: str) -> dict[str, Owed]:
    """By dispute: what is owed, by currency in minor units, and how many outcomes were posted; only where something is."""
    standing = standing_on_disputes(db, connection)
    return {one: (its.amounts, its.outcomes) for one, its in standing.items() if any(its.amounts.values())}


def standing_on_disputes(db: sa.Connection, connection: str) -> dict[str, Standing]:
    """By dispute: what stands on disputes receivable; only where an amount, or a value without one, does."""
    found: dict[str, Standing] = {}
    for dispute, currency, amount, value, _, day in db.execute(_moved_by_rows(connection)):
        found.setdefault(dispute, Standing()).add(currency, int(amount), int(value), day)
    for dispute, currency, amount, value, count, day in db.execute(_moved_by_outcomes(connection)):
        its = found.setdefault(dispute, Standing())
        its.add(currency, int(amount), int(value), day)
        its.outcomes += int(count)
    return {one: its for one, its in sorted(found.items()) if any((*its.amounts.values(), *its.values.values()))}


def last_closed(box: Database, connection: str, dispute: str) -> int | None:
    """When Stripe said that a dispute is closed (epoch seconds); None when it was not told, or was opened again since."""
    created = json_whole(inbox.c.body, "created")
    status = json_text(inbox.c.body, "data", "object", "status")
    told = sa.select(inbox.c.type, created).order_by(created.desc(), inbox.c.seq.desc()).limit(1)
    told = told.where(
        inbox.c.connection == connection, inbox.c.object_id == dispute, inbox.c.readable, inbox.c.thin.is_(False),
        sa.or_(inbox.c.type == CLOSED, sa.and_(inbox.c.type == UPDATED, status.not_in((*LOST, *WON)))),
    )  # fmt: skip
    with box.reading() as db:
        last = db.execute(told).one_or_none()
    return last[1] if last and last[0] == CLOSED and isinstance(last[1], int) else None


def _moved_by_rows(connection: str) -> sa.Select[Any]:
    same = sa.and_(entries.c.connection == balance_changes.c.connection, entries.c.source == balance_changes.c.id)
    return (
        _moved(balance_changes.c.dispute)
        .join(balance_changes, same)
        .where(
            balance_changes.c.connection == connection,
            balance_changes.c.dispute != "",
            balance_changes.c.category.in_(CATEGORIES),
            balance_changes.c.withdrawn.is_(False),
        )
    )


def _moved_by_outcomes(connection: str) -> sa.Select[Any]:
    return _moved(entries.c.subject).where(entries.c.connection == connection, entries.c.kind == KIND)


def _moved(dispute: sa.Column[str]) -> sa.Select[Any]:
    total = (
        sa.func.sum(entry_lines.c.amount),
        sa.func.sum(entry_lines.c.value),
        sa.func.count(),
        sa.func.max(entries.c.booked),
    )
    return (
        sa.select(dispute, entries.c.currency, *total)
        .select_from(entries)
        .join(entry_lines, entry_lines.c.entry == entries.c.seq)
        .where(entry_lines.c.account == DISPUTES_RECEIVABLE)
        .group_by(dispute, entries.c.currency)
    )
