"""Reads refunds of payments on which something is owed to the customer since one of them failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from tieout.domain.ledger.account import REFUNDS_PAYABLE
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.refunds import repaid_source
from tieout.kernel.money import Money
from tieout.kernel.slices import slices
from tieout.store import balance, intents, journal
from tieout.store.database import Database
from tieout.store.ledger_tables import balance_changes
from tieout.store.states import APPLIED
from tieout.store.tables import runs

READ_PAYMENTS = 200


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """A refund's row, and what its credit memos come to in minor units of what the customer saw."""

    row: BalanceChange
    credited: int


@dataclass(frozen=True, slots=True)
class Owed:
    """One payment: what is owed on it since refunds failed (minor units of its balance), and its refunds since."""

    payment: str
    amount: int
    refunds: tuple[RefundSeen, ...]


def owed_since_failure(books: Database, connection: str, p21: str) -> list[Owed]:
    """The payments with failed refunds, and those refunds of theirs that are decided in P21 and not settled here."""
    failed = sa.select(balance_changes.c.payment).where(
        balance_changes.c.connection == connection, balance_changes.c.category == "refund_failure"
    )
    with books.reading() as db:
        payments = sorted({payment for payment in db.execute(failed).scalars() if payment})
        found = []
        for some in slices(payments, READ_PAYMENTS):
            whole = balance.of_payments(db, connection, some)
            found += [_owed(db, connection, p21, payment, rows) for payment, rows in whole.items()]
    return [one for one in found if one.amount > 0 and one.refunds]


def _owed(db: sa.Connection, connection: str, p21: str, payment: str, rows: list[BalanceChange]) -> Owed:
    refunds = [row for row in rows if row.category == "refund"]
    settled = {
        kept.entry.source: kept.entry
        for kept in journal.by_source(db, connection, [repaid_source(row.source) for row in refunds])
    }
    owed = sum(row.amount for row in rows if row.category == "refund_failure")
    owed -= sum(entry.moved(REFUNDS_PAYABLE) for entry in settled.values())
    fresh = [row for row in refunds if repaid_source(row.source) not in settled and _is_decided(db, row.source)]
    credited = _credited(db, p21, connection, fresh)
    return Owed(payment, owed, tuple(RefundSeen(row, credited.get(row.source, 0)) for row in fresh))


def _is_decided(db: sa.Connection, refund: str) -> bool:
    """Whether a run of the refund is applied: its memo, if there is to be one, is written."""
    found = sa.select(runs.c.id).where(runs.c.subject == refund, runs.c.state == APPLIED).limit(1)
    return db.execute(found).scalar() is not None


def _credited(db: sa.Connection, p21: str, connection: str, rows: list[BalanceChange]) -> Mapping[str, int]:
    links = intents.linked_many(db, p21, connection, [row.source for row in rows], "credit_memo")
    written = intents.documents_of(db, p21, [link for found in links.values() for link in found])
    currencies = {row.source: row.origin.currency or row.currency for row in rows}
    totals = {
        refund: sum(
            (Decimal(str(written[link.reference]["total"])) for link in found if link.reference in written), Decimal(0)
        )
        for refund, found in links.items()
    }
    return {refund: Money.rounded(total, currencies[refund]).minor for refund, total in totals.items()}
