"""Since when something is open: from the day it happened at Stripe, not from the day it was found (case P11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from tieout.kernel.slices import slices
from tieout.store.exceptions import ExceptionRow
from tieout.store.ledger_tables import balance_changes

READ_IDS = 500


def happened(db: sa.Connection, names: Iterable[str]) -> Mapping[str, tuple[int, str]]:
    """When rows, or the objects that made them, first moved money: epoch seconds and day, by id; unknown ones are left out."""
    table, ids = balance_changes.c, sorted(set(filter(None, names)))
    found: dict[str, tuple[int, str]] = {}
    for some in slices(ids, READ_IDS):
        for column in (table.source, table.id):
            first = sa.select(column, sa.func.min(table.created), sa.func.min(table.day)).where(column.in_(some))
            found |= {row[0]: (int(row[1]), row[2]) for row in db.execute(first.group_by(column))}
    return found


def since(one: ExceptionRow, moments: Mapping[str, tuple[int, str]]) -> float:
    """The moment (epoch seconds) from which an exception is as old as it is."""
    fact = moments.get(one.about) or moments.get(one.payout)
    return min(one.opened_at, fact[0]) if fact else one.opened_at
