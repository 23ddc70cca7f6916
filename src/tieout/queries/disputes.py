"""Reads what is owed on disputes: their rows, less the outcomes that were posted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from tieout.domain.ledger.account import DISPUTES_RECEIVABLE
from tieout.domain.ledger.disputes import KIND
from tieout.store.ledger_tables import balance_changes, entries, entry_lines

CATEGORIES = ("dispute", "dispute_reversal")
Owed = tuple[dict[str, int], int]


@dataclass(slots=True)
class Standing:
    """What stands on disputes receivable for one dispute, and how many outcomes were posted.

    ``amounts`` are in minor units by currency; ``values`` is what the ledger carries them at, in its own currency.
    """

    amounts: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    outcomes: int = 0

    def add(self, currency: str, amount: int, value: int) -> None:
        """Count what an entry moves."""
        self.amounts[currency] = self.amounts.get(currency, 0) + amount
        self.values[currency] = self.values.get(currency, 0) + value


def owed_on_disputes(db: sa.Connection, connection: str) -> dict[str, Owed]:
    """By dispute: what is owed, by currency in minor units, and how many outcomes were posted; only where something is."""
    standing = standing_on_disputes(db, connection)
    return {one: (its.amounts, its.outcomes) for one, its in standing.items() if any(its.amounts.values())}


def standing_on_disputes(db: sa.Connection, connection: str) -> dict[str, Standing]:
    """By dispute: what stands on disputes receivable; only where an amount, or a value without one, does."""
    found: dict[str, Standing] = {}
    for dispute, currency, amount, value, _ in db.execute(_moved_by_rows(connection)):
        found.setdefault(dispute, Standing()).add(currency, int(amount), int(value))
    for dispute, currency, amount, value, count in db.execute(_moved_by_outcomes(connection)):
        its = found.setdefault(dispute, Standing())
        its.add(currency, int(amount), int(value))
        its.outcomes += int(count)
    return {one: its for one, its in sorted(found.items()) if any((*its.amounts.values(), *its.values.values()))}


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
    total = sa.func.sum(entry_lines.c.amount), sa.func.sum(entry_lines.c.value), sa.func.count()
    return (
        sa.select(dispute, entries.c.currency, *total)
        .select_from(entries)
        .join(entry_lines, entry_lines.c.entry == entries.c.seq)
        .where(entry_lines.c.account == DISPUTES_RECEIVABLE)
        .group_by(dispute, entries.c.currency)
    )
