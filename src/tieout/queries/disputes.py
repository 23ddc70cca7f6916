"""Reads what is owed on disputes: their rows, less the outcomes that were posted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tieout.domain.ledger.account import DISPUTES_RECEIVABLE
from tieout.domain.ledger.disputes import KIND
from tieout.store.ledger_tables import balance_changes, entries, entry_lines

CATEGORIES = ("dispute", "dispute_reversal")
Owed = tuple[dict[str, int], int]


def owed_on_disputes(db: sa.Connection, connection: str) -> dict[str, Owed]:
    """By dispute: what stands on disputes receivable, by currency in minor units, and how many outcomes were posted.

    Only disputes on which something stands.
    """
    owed: dict[str, dict[str, int]] = {}
    taken = (
        sa.select(balance_changes.c.dispute, balance_changes.c.currency, sa.func.sum(balance_changes.c.amount))
        .join(
            entries,
            sa.and_(entries.c.connection == balance_changes.c.connection, entries.c.source == balance_changes.c.id),
        )
        .where(
            balance_changes.c.connection == connection,
            balance_changes.c.dispute != "",
            balance_changes.c.category.in_(CATEGORIES),
        )
        .group_by(balance_changes.c.dispute, balance_changes.c.currency)
    )
    for dispute, currency, amount in db.execute(taken):
        owed.setdefault(dispute, {})[currency] = -int(amount)
    outcomes: dict[str, int] = {}
    for dispute, currency, amount, count in db.execute(_outcomes(connection)):
        owed.setdefault(dispute, {}).setdefault(currency, 0)
        owed[dispute][currency] += int(amount)
        outcomes[dispute] = outcomes.get(dispute, 0) + int(count)
    return {one: (sums, outcomes.get(one, 0)) for one, sums in sorted(owed.items()) if any(sums.values())}


def _outcomes(connection: str) -> sa.Select[Any]:
    return (
        sa.select(entries.c.subject, entries.c.currency, sa.func.sum(entry_lines.c.amount), sa.func.count())
        .join(entry_lines, entry_lines.c.entry == entries.c.seq)
        .where(
            entries.c.connection == connection,
            entries.c.kind == KIND,
            entry_lines.c.account == DISPUTES_RECEIVABLE,
        )
        .group_by(entries.c.subject, entries.c.currency)
    )
