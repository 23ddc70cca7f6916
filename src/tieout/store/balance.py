"""Rows of Stripe's balance as they were read, and the ledger's own settings for each Stripe account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from tieout.domain.ledger.balance_change import BalanceChange, FeePart, Origin
from tieout.domain.reconciliation.statement import CAME_BACK, LEFT
from tieout.kernel.canonical import canonical
from tieout.kernel.slices import slices
from tieout.store.ledger_tables import balance_changes, ledgers

READ_CHANGES = 500
_ORIGIN = tuple(Origin.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Drift:
    """A row that Stripe shows otherwise than it did before."""

    kept: BalanceChange
    shown: BalanceChange


def add(db: sa.Connection, connection: str, shown: Sequence[BalanceChange], days: Sequence[str]) -> list[Drift]:
    """Keep rows, each once; answers those whose money differs from what was kept. ``days`` are their days, in order."""
    known = {kept.id: kept for kept in numbered(db, connection, [one.id for one in shown])}
    fresh = {one.id: _row(connection, one, day) for one, day in zip(shown, days, strict=True) if one.id not in known}
    if fresh:
        db.execute(sa.insert(balance_changes), list(fresh.values()))
    return [Drift(known[one.id], one) for one in shown if one.id in known and money_of(known[one.id]) != money_of(one)]


def money_of(change: BalanceChange) -> tuple[object, ...]:
    """What of a row may never change."""
    fees = tuple((part.kind, part.amount) for part in change.fees)
    return change.currency, change.amount, change.fee, change.net, change.category, change.balance_type, fees


def numbered(db: sa.Connection, connection: str, ids: Sequence[str]) -> list[BalanceChange]:
    """The rows with these ids."""
    kept = []
    for some in slices(ids, READ_CHANGES):
        found = sa.select(balance_changes.c.document).where(
            balance_changes.c.connection == connection, balance_changes.c.id.in_(some)
        )
        kept += [_change(row.document) for row in db.execute(found).all()]
    return kept


def of_source(db: sa.Connection, source: str) -> list[BalanceChange]:
    """The rows that one Stripe object made: its charge, refund, dispute or payout rows, or those of its payment."""
    known = balance_changes.c.connection.in_(sa.select(ledgers.c.connection))  # the indexes begin with it
    ways = (
        balance_changes.c.source == source,
        balance_changes.c.id == source,
        sa.and_(balance_changes.c.payment == source, balance_changes.c.payment != ""),
        sa.and_(balance_changes.c.dispute == source, balance_changes.c.dispute != ""),
    )
    columns = (balance_changes.c.created, balance_changes.c.id, balance_changes.c.document)
    found = sa.union(*(sa.select(*columns).where(known, way) for way in ways)).order_by("created", "id")
    return [_change(row.document) for row in db.execute(found).all()]


def of_payments(db: sa.Connection, connection: str, payments: Sequence[str]) -> dict[str, list[BalanceChange]]:
    """All rows of these payments, by payment."""
    found = sa.select(balance_changes.c.payment, balance_changes.c.document).where(
        balance_changes.c.connection == connection,
        balance_changes.c.payment.in_(payments),
        balance_changes.c.payment != "",  # else SQLite cannot use the index, and reads every row there is
    )
    whole: dict[str, list[BalanceChange]] = {}
    for row in db.execute(found).all():
        whole.setdefault(row.payment, []).append(_change(row.document))
    return whole


def between(db: sa.Connection, connection: str, begins: int, ends: int) -> Iterator[BalanceChange]:
    """The rows created from ``begins`` until before ``ends`` (epoch seconds), a few hundred in memory at a time."""
    created, row_id = begins, ""
    order = sa.tuple_(balance_changes.c.created, balance_changes.c.id)
    while True:
        found = (
            sa.select(balance_changes.c.created, balance_changes.c.id, balance_changes.c.document)
            .where(balance_changes.c.connection == connection, balance_changes.c.created < ends)
            .where(balance_changes.c.withdrawn.is_(False))
            .where(order > sa.tuple_(sa.literal(created), sa.literal(row_id)))
            .order_by(balance_changes.c.created, balance_changes.c.id)
            .limit(READ_CHANGES)
        )
        page = db.execute(found).all()
        if not page:
            return
        yield from (_change(row.document) for row in page)
        created, row_id = page[-1].created, page[-1].id


def of_categories(db: sa.Connection, connection: str, categories: Sequence[str]) -> list[BalanceChange]:
    """The rows of a few rare reporting categories, oldest first."""
    found = sa.select(balance_changes.c.document).where(
        balance_changes.c.connection == connection,
        balance_changes.c.category.in_(categories),
        balance_changes.c.withdrawn.is_(False),
    )
    return [_change(one) for one in db.execute(found.order_by(balance_changes.c.created)).scalars()]


def returned_from_before(db: sa.Connection, connection: str) -> list[BalanceChange]:
    """The rows by which payouts came back that had left before the ledger began: nothing is kept of their leaving."""
    rows = balance_changes
    left = sa.select(rows.c.source).where(rows.c.connection == connection, rows.c.type == LEFT)
    found = sa.select(rows.c.document).where(
        rows.c.connection == connection,
        rows.c.type.in_(CAME_BACK),
        rows.c.source.not_in(left),
        rows.c.withdrawn.is_(False),
    )
    return [_change(one) for one in db.execute(found.order_by(rows.c.created)).scalars()]


def by_category(db: sa.Connection, connection: str, balance_type: str) -> dict[str, dict[str, tuple[int, int]]]:
    """By currency and reporting category: the sum of nets in minor units, and how many rows."""
    found = (
        sa.select(
            balance_changes.c.currency,
            balance_changes.c.category,
            sa.func.sum(balance_changes.c.net),
            sa.func.count(),
        )
        .where(
            balance_changes.c.connection == connection,
            balance_changes.c.balance_type == balance_type,
            balance_changes.c.withdrawn.is_(False),
        )
        .group_by(balance_changes.c.currency, balance_changes.c.category)
    )
    sums: dict[str, dict[str, tuple[int, int]]] = {}
    for currency, category, net, count in db.execute(found):
        sums.setdefault(currency, {})[category] = (int(net), int(count))
    return sums


def withdraw(db: sa.Connection, connection: str, change: str) -> None:
    """A row that Stripe lists no more, as a person has decided: it counts no longer, and stays on record."""
    where = (balance_changes.c.connection == connection, balance_changes.c.id == change)
    db.execute(sa.update(balance_changes).where(*where).values(withdrawn=True))


def is_between(db: sa.Connection, connection: str, change: str, begins: int, ends: int) -> bool:
    """Whether that row is kept and was created from ``begins`` until before ``ends`` (epoch seconds)."""
    found = sa.select(balance_changes.c.created).where(
        balance_changes.c.connection == connection, balance_changes.c.id == change
    )
    created = db.execute(found).scalar()
    return created is not None and begins <= created < ends


def _row(connection: str, change: BalanceChange, day: str) -> dict[str, Any]:
    return {
        "connection": connection, "id": change.id, "created": change.created, "day": day, "currency": change.currency,
        "balance_type": change.balance_type, "category": change.category, "type": change.type,
        "amount": change.amount, "fee": change.fee, "net": change.net, "source": change.source,
        "payment": change.origin.payment, "dispute": change.origin.dispute, "document": _document(change),
    }  # fmt: skip


def _document(change: BalanceChange) -> str:
    origin = {name: value for name in _ORIGIN if (value := getattr(change.origin, name))}
    return canonical({
        "id": change.id, "type": change.type, "category": change.category, "amount": change.amount, "fee": change.fee,
        "net": change.net, "currency": change.currency, "created": change.created,
        "available_on": change.available_on, "source": change.source, "balance_type": change.balance_type,
        "fees": [[part.kind, part.amount, part.description] for part in change.fees],
        "exchange_rate": change.exchange_rate, "description": change.description, "origin": origin,
    })  # fmt: skip


@lru_cache(maxsize=READ_CHANGES)  # one look reads the same rows several times
def _change(document: str) -> BalanceChange:
    found = json.loads(document)
    fees = tuple(FeePart(*part) for part in found.pop("fees"))
    origin = Origin(**found.pop("origin"))
    return BalanceChange(**found, fees=fees, origin=origin)
