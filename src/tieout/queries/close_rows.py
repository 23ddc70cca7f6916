"""Reads what a period's rows come to: by currency before, in and after it, charged volume, and rows that are nowhere (C3 I3, I7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from tieout.domain.close.period_proof import PeriodProof
from tieout.domain.ledger.account import CLEARING
from tieout.domain.ledger.balances import Roll
from tieout.domain.ledger.period import Period
from tieout.domain.ledger.rules import catalogue
from tieout.domain.reconciliation.statement import PAYOUT_CATEGORIES
from tieout.queries.proof import PAYMENTS, clearing_opened
from tieout.store.ledger_tables import balance_changes, entries, entry_lines, exceptions
from tieout.store.ledgers import LedgerRow

BEFORE, WITHIN, AFTER = 0, 1, 2
_rows = balance_changes.c


@dataclass(slots=True)
class _Sums:
    """One currency: nets before and after, activity and payouts within, and how many rows those are."""

    nets: dict[int, int] = field(default_factory=lambda: {BEFORE: 0, WITHIN: 0, AFTER: 0})
    paid: int = 0
    rows: int = 0


def period_proofs(
    db: sa.Connection, ledger: LedgerRow, period: Period, rolls: Iterable[Roll], stripe: Mapping[str, int]
) -> tuple[PeriodProof, ...]:
    """The proof of each currency; ``stripe`` is Stripe's balance now, in minor units."""
    sums = _row_sums(db, ledger.connection, period)
    cleared = {one.currency: one.closing for one in rolls if one.account == CLEARING}
    opened = clearing_opened(db, ledger.connection)
    later, unposted = _later(db, ledger.connection, period.ends), _unposted(db, ledger.connection, period.ends)
    proofs = []
    for currency in sorted({*sums, *cleared, *stripe}):
        found = sums.get(currency) or _Sums()
        opening = opened.get(currency, 0) + found.nets[BEFORE]
        proofs.append(
            PeriodProof(
                currency=currency,
                opening=opening,
                activity=found.nets[WITHIN] - found.paid,
                payouts=-found.paid,
                closing=opening + found.nets[WITHIN],
                since=found.nets[AFTER],
                stripe=stripe.get(currency, 0),
                clearing=cleared.get(currency, 0),
                later=later.get(currency, 0),
                unposted=unposted.get(currency, 0),
                rows=found.rows,
            )
        )
    return tuple(proofs)


def _row_sums(db: sa.Connection, connection: str, period: Period) -> dict[str, _Sums]:
    place = sa.case((_rows.day < period.begins, BEFORE), (_rows.day <= period.ends, WITHIN), else_=AFTER)
    found = (
        sa.select(_rows.currency, _rows.category, place, sa.func.sum(_rows.net), sa.func.count())
        .where(_rows.connection == connection, _rows.balance_type == PAYMENTS)
        .group_by(_rows.currency, _rows.category, place)
    )
    sums: dict[str, _Sums] = {}
    for currency, category, where, net, count in db.execute(found):
        total = sums.setdefault(currency, _Sums())
        total.nets[where] += int(net)
        if where == WITHIN:
            total.rows += int(count)
            total.paid += int(net) if category in PAYOUT_CATEGORIES else 0
    return sums


def _later(db: sa.Connection, connection: str, ends: str) -> dict[str, int]:
    """What rows until that day move on clearing in entries that stand after it."""
    found = (
        sa.select(entries.c.currency, sa.func.sum(entry_lines.c.amount))
        .select_from(_with_rows())
        .join(entry_lines, entry_lines.c.entry == entries.c.seq)
        .where(entries.c.connection == connection, entries.c.booked > ends, _rows.day <= ends)
        .where(entry_lines.c.account == CLEARING)
        .group_by(entries.c.currency)
    )
    return {row[0]: int(row[1]) for row in db.execute(found)}


def _unposted(db: sa.Connection, connection: str, ends: str) -> dict[str, int]:
    """The nets of rows until that day that have an open exception and no entry."""
    found = (
        sa.select(_rows.currency, sa.func.sum(_rows.net))
        .where(_rows.connection == connection, _rows.balance_type == PAYMENTS, _rows.day <= ends)
        .where(_rows.id.in_(_excepted(connection)), ~_entry_of_row())
        .group_by(_rows.currency)
    )
    return {row[0]: int(row[1]) for row in db.execute(found)}


def lost_rows(db: sa.Connection, connection: str, period: Period) -> int:
    """How many rows of a period have neither an entry nor an open exception."""
    found = (
        sa.select(sa.func.count())
        .select_from(balance_changes)
        .where(_rows.connection == connection, _rows.balance_type == PAYMENTS)
        .where(_rows.day.between(period.begins, period.ends), ~_entry_of_row())
        .where(_rows.id.not_in(_excepted(connection)))
    )
    return int(db.execute(found).scalar_one())


def stray_postings(db: sa.Connection, connection: str, period: Period) -> int:
    """How many entries of a period were posted for a row that is not kept."""
    row_kinds = [rule.name for rule in catalogue()] + ["unknown"]
    row = sa.exists().where(_rows.connection == entries.c.connection, _rows.id == entries.c.source)
    found = sa.select(sa.func.count()).select_from(entries).where(entries.c.connection == connection)
    found = found.where(entries.c.kind.in_(row_kinds), entries.c.booked.between(period.begins, period.ends), ~row)
    found = found.where(~entries.c.source.contains(":"))  # entries of documents and people have one
    return int(db.execute(found).scalar_one())


def charged(db: sa.Connection, connection: str, period: Period) -> dict[str, int]:
    """What customers paid in a period, by the balance's currency in minor units."""
    found = (
        sa.select(_rows.currency, sa.func.sum(_rows.amount))
        .where(_rows.connection == connection, _rows.category == "charge")
        .where(_rows.day.between(period.begins, period.ends))
        .group_by(_rows.currency)
    )
    return {row[0]: int(row[1]) for row in db.execute(found)}


def _with_rows() -> sa.Join:
    same = sa.and_(_rows.connection == entries.c.connection, _rows.id == entries.c.source)
    return sa.join(entries, balance_changes, same)


def _entry_of_row() -> sa.Exists:
    return sa.exists().where(entries.c.connection == _rows.connection, entries.c.source == _rows.id)


def _excepted(connection: str) -> sa.Select[tuple[str]]:
    found = sa.select(exceptions.c.about)
    return found.where(exceptions.c.connection == connection, exceptions.c.closed_at.is_(None))
