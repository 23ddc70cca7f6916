"""Payouts as Stripe last showed them, the rows each contains, and the verdict of the last look."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from tieout.domain.reconciliation.statement import Payout
from tieout.domain.reconciliation.verdict import Received
from tieout.kernel.canonical import canonical
from tieout.store import dialect
from tieout.store.ledger_tables import deposits, payout_lines, payouts

BY_PERSON = "person"  # how a line was matched where no matcher could
RESOLVED = "resolved"  # how a person settled what the bank does not show


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One payout and what the last look at it said; ``verdict`` is empty before the first."""

    connection: str
    payout: Payout
    verdict: str = ""
    lines: int = 0
    gross: int = 0
    fees: int = 0
    checked_at: float = 0.0


@dataclass(frozen=True, slots=True)
class DepositRow:
    """Which bank line paid which payout, how it was matched, and how much of the line is for it (minor units).

    ``back`` says that the money went back with it, because the payout had failed; ``leg`` is its leg in the line's entry.
    """

    connection: str
    payout: str
    line: str
    amount: int
    how: str
    day: str
    back: bool = False
    leg: str = ""
    at: float = field(default=0.0)


def put(db: sa.Connection, connection: str, payout: Payout) -> None:
    """Keep a payout as it is shown now; what was said of it as it was before is no verdict any more."""
    shown = {
        "amount": payout.amount, "currency": payout.currency, "status": payout.status, "automatic": payout.automatic,
        "created": payout.created, "arrival_day": payout.arrival_day, "document": canonical(payout.document()),
    }  # fmt: skip
    row: dict[str, Any] = {"connection": connection, "id": payout.id, **shown}
    same = sa.and_(payouts.c.connection == connection, payouts.c.id == payout.id)
    db.execute(sa.update(payouts).where(same, payouts.c.document != shown["document"]).values(verdict=""))
    dialect.put(db, payouts, [row])


def judge(db: sa.Connection, row: PayoutRow, at: float) -> None:
    """Keep the verdict of a look."""
    where = (payouts.c.connection == row.connection, payouts.c.id == row.payout.id)
    values = {"verdict": row.verdict, "lines": row.lines, "gross": row.gross, "fees": row.fees, "checked_at": at}
    db.execute(sa.update(payouts).where(*where).values(**values))


def looked(db: sa.Connection, connection: str, payout: str, at: float) -> None:
    """A look was tried, whatever came of it."""
    where = (payouts.c.connection == connection, payouts.c.id == payout)
    db.execute(sa.update(payouts).where(*where).values(checked_at=at))


def look_again(db: sa.Connection, connection: str, payout: str) -> None:
    """Something about the payout was decided since the last look: what was said of it is no verdict any more."""
    where = (payouts.c.connection == connection, payouts.c.id == payout)
    db.execute(sa.update(payouts).where(*where).values(verdict="", checked_at=0.0))


def follow(db: sa.Connection, connection: str, payout: str, verdict: str, at: float) -> None:
    """Keep the verdict that follows from what a person decided."""
    where = (payouts.c.connection == connection, payouts.c.id == payout)
    db.execute(sa.update(payouts).where(*where).values(verdict=verdict, checked_at=at))


def get(db: sa.Connection, payout_id: str, connection: str = "") -> PayoutRow | None:
    """The payout with that id, or None."""
    found = sa.select(payouts).where(payouts.c.id == payout_id)
    found = found.where(payouts.c.connection == connection) if connection else found
    row = db.execute(found).first()
    return _row(row) if row else None


def every(db: sa.Connection, connection: str = "", *, since: int = 0, until: int = 2**62) -> Iterator[PayoutRow]:
    """Payouts created in a time (epoch seconds), oldest first."""
    found = sa.select(payouts).where(payouts.c.created.between(since, until - 1))
    found = found.where(payouts.c.connection == connection) if connection else found
    return (_row(row) for row in db.execute(found.order_by(payouts.c.created, payouts.c.id)).all())


def put_lines(db: sa.Connection, connection: str, payout: str, changes: Sequence[str]) -> None:
    """Keep that these rows are in that payout; known ones stay."""
    rows = [{"connection": connection, "payout": payout, "change": change} for change in changes]
    if rows:
        dialect.add_new(db, payout_lines, rows)


def lines_of(db: sa.Connection, connection: str, payout: str) -> list[str]:
    """The ids of the rows in a payout."""
    found = sa.select(payout_lines.c.change).where(
        payout_lines.c.connection == connection, payout_lines.c.payout == payout
    )
    return list(db.execute(found.order_by(payout_lines.c.change)).scalars())


def payouts_of(db: sa.Connection, connection: str, change: str) -> list[str]:
    """The payouts that contain a row: one, or something is wrong."""
    found = sa.select(payout_lines.c.payout).where(
        payout_lines.c.connection == connection, payout_lines.c.change == change
    )
    return list(db.execute(found).scalars())


def put_deposit(db: sa.Connection, deposit: DepositRow) -> None:
    """Keep a match of a payout with a bank line."""
    row = {name: getattr(deposit, name) for name in DepositRow.__dataclass_fields__}
    dialect.add_new(db, deposits, [row])


def deposits_of(db: sa.Connection, connection: str = "", payout: str = "") -> list[DepositRow]:
    """The bank lines matched with a payout, or with all; without a ``connection``, of every ledger."""
    found = sa.select(deposits)
    found = found.where(deposits.c.connection == connection) if connection else found
    found = found.where(deposits.c.payout == payout) if payout else found
    return [DepositRow(**row._mapping) for row in db.execute(found.order_by(deposits.c.at))]


def drop_deposits(db: sa.Connection, line: str) -> None:
    """A line is none of these payouts: its matches are taken back."""
    db.execute(sa.delete(deposits).where(deposits.c.line == line))


def received(matched: Sequence[DepositRow]) -> Received | None:
    """What the bank has for a payout by the lines it is matched with; None without any."""
    if not matched:
        return None
    return Received(sum(one.amount for one in matched), any(one.back for one in matched))


def _row(row: sa.Row[Any]) -> PayoutRow:
    document: Mapping[str, Any] = json.loads(row.document)
    return PayoutRow(
        row.connection, Payout(**document), row.verdict, row.lines, row.gross, row.fees, row.checked_at
    )  # fmt: skip
