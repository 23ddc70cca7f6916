"""Reads what is on its way between Stripe and the bank on a day, by payout and top-up (accounting C1, C3 I5)."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from tieout.domain.close.figures import InTransit
from tieout.domain.ledger.account import TRANSIT
from tieout.store.ledger_tables import balance_changes, entries, entry_lines

ROW = "txn_"


def in_transit(db: sa.Connection, connection: str, ends: str) -> tuple[InTransit, ...]:
    """What stands on cash in transit on a day (YYYY-MM-DD), oldest first: the sum of it is what the account stands at.

    A line of the bank may be several payouts: which leg of its entry is whose, the entry's labels say.
    """
    moves = [(_name(row), row) for row in db.execute(_moved(connection, ends))]
    sources = _sources(db, connection, {name for name, _ in moves if name.startswith(ROW)})
    sums: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for name, row in moves:
        sums.setdefault((sources.get(name, name), row.currency), []).append((int(row.amount), row.booked))
    found = [
        InTransit(name, currency, total, min(booked for _, booked in parts))
        for (name, currency), parts in sums.items()
        if (total := sum(amount for amount, _ in parts))
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.name)))


def _name(row: sa.Row[Any]) -> str:
    labels: dict[str, str] = dict(json.loads(row.document)["labels"])
    return labels.get(row.leg) or str(row.subject)


def _sources(db: sa.Connection, connection: str, rows: set[str]) -> dict[str, str]:
    """What Stripe calls that which moved by a row: its payout or top-up."""
    table = balance_changes.c
    found = sa.select(table.id, table.source).where(table.connection == connection, table.id.in_(rows))
    return {row.id: row.source or row.id for row in db.execute(found)}


def _moved(connection: str, ends: str) -> sa.Select[Any]:
    line = entry_lines.c
    return (
        sa.select(entries.c.subject, entries.c.document, entries.c.currency, line.leg, line.amount, entries.c.booked)
        .select_from(entries)
        .join(entry_lines, line.entry == entries.c.seq)
        .where(entries.c.connection == connection, line.account == TRANSIT, line.amount != 0, entries.c.booked <= ends)
        .order_by(entries.c.seq)
    )
