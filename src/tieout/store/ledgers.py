"""One ledger for each Stripe account: its policy, its map of accounts, its rates, periods and closes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tieout.domain.ledger.determination import AccountMap, read_map
from tieout.domain.ledger.period import Calendar, Period
from tieout.domain.ledger.policy import Policy
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.valuing import Rates
from tieout.kernel.canonical import canonical
from tieout.store import dialect
from tieout.store.ledger_tables import closes, entries, ledgers, periods, rates


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One ledger. ``imported_until`` is the moment (epoch seconds) up to which all rows of Stripe are kept.

    ``kept_at`` is when it was first kept; ``opened`` says that its opening balance is posted. ``reading`` is where a reading
    of rows stands that has not ended, as (begins, ends, cursor).
    """

    connection: str
    policy: Policy
    accounts: AccountMap | None
    account_text: str
    branches: Mapping[str, str]
    kept_at: float
    opened: bool
    imported_until: int
    reading: tuple[int, int, str] | None
    proof: Mapping[str, Any]
    proved_at: float


@dataclass(frozen=True, slots=True)
class CloseRow:
    """How far the close of one period is: who prepared and approved it, and the hash of the evidence they signed."""

    connection: str
    period: str
    prepared_by: str = ""
    prepared_at: float = 0.0
    approved_by: str = ""
    approved_at: float = 0.0
    evidence: str = ""
    locked: bool = False


def put_policy(db: sa.Connection, connection: str, policy: Policy, at: float) -> None:
    """Keep the policy of a ledger, new or changed; ``at`` (epoch seconds) is remembered of the first time."""
    row = {"connection": connection, "policy": canonical(policy.document()), "kept_at": at}
    dialect.put(db, ledgers, [row], once=("kept_at",))


def put_accounts(db: sa.Connection, connection: str, text: str, branches: Mapping[str, str]) -> None:
    """Keep the map of accounts (the text of its file) and the branch of every P21 account."""
    change = sa.update(ledgers).where(ledgers.c.connection == connection)
    db.execute(change.values(account_map=text, branches=canonical(dict(branches))))


def put_mark(db: sa.Connection, connection: str, until: int) -> None:
    """All rows of Stripe before ``until`` (epoch seconds) are kept; the mark never goes back."""
    row = sa.update(ledgers).where(ledgers.c.connection == connection)
    db.execute(row.values(reading=""))
    db.execute(row.where(ledgers.c.imported_until < until).values(imported_until=until))


def put_opened(db: sa.Connection, connection: str) -> None:
    """The opening balance of a ledger stands, or there is none."""
    db.execute(sa.update(ledgers).where(ledgers.c.connection == connection).values(opened=True))


def put_reading(db: sa.Connection, connection: str, begins: int, ends: int, after: str) -> None:
    """Rows from ``begins`` until ``ends`` (epoch seconds) are being read, and are kept back to the row ``after``."""
    kept = canonical([begins, ends, after])
    db.execute(sa.update(ledgers).where(ledgers.c.connection == connection).values(reading=kept))


def put_proof(db: sa.Connection, connection: str, proof: Mapping[str, Any], at: float) -> None:
    """Keep the last proof of the balance."""
    kept = sa.update(ledgers).where(ledgers.c.connection == connection)
    db.execute(kept.values(proof=canonical(dict(proof)), proved_at=at))


def every(db: sa.Connection) -> list[LedgerRow]:
    """All ledgers, by connection."""
    return [_row(row) for row in db.execute(sa.select(ledgers).order_by(ledgers.c.connection))]


def get(db: sa.Connection, connection: str) -> LedgerRow | None:
    """The ledger of a Stripe connection, or None."""
    row = db.execute(sa.select(ledgers).where(ledgers.c.connection == connection)).one_or_none()
    return _row(row) if row else None


def book(db: sa.Connection, connection: str) -> Book:
    """What the rows of that ledger are posted by; LookupError when it is not kept."""
    ledger = get(db, connection)
    if ledger is None:
        raise LookupError(f"no ledger is kept for {connection}")
    return Book(
        ledger.policy, read_rates(db, ledger.policy.ledger_currency), calendar(db, ledger.policy.p21, connection)
    )


def put_rates(db: sa.Connection, ledger_currency: str, given: Iterable[tuple[str, str, Decimal]]) -> list[str]:
    """Keep rates (currency, day, rate); answers those that are others by now and stay: entries, or a close, were made with them."""
    refused = []
    for currency, day, rate in given:
        kept = kept_rate(db, ledger_currency, currency, day)
        if not kept:
            row = {"ledger_currency": ledger_currency, "currency": currency, "day": day, "rate": str(rate)}
            db.execute(sa.insert(rates).values(row))
        elif Decimal(kept) != rate and not (
            _has_entries(db, ledger_currency, currency, day) or _is_approved(db, ledger_currency, day)
        ):
            db.execute(sa.update(rates).where(*_rate(ledger_currency, currency, day)).values(rate=str(rate)))
        elif Decimal(kept) != rate:
            refused.append(f"{currency} on {day} is {kept} already, not {rate}")
    return refused


def kept_rate(db: sa.Connection, ledger_currency: str, currency: str, day: str) -> str:
    """The rate of a day as it was entered; empty without one."""
    found = sa.select(rates.c.rate).where(*_rate(ledger_currency, currency, day))
    return db.execute(found).scalar() or ""


def _rate(ledger_currency: str, currency: str, day: str) -> tuple[sa.ColumnElement[bool], ...]:
    return rates.c.ledger_currency == ledger_currency, rates.c.currency == currency, rates.c.day == day


def _has_entries(db: sa.Connection, ledger_currency: str, currency: str, day: str) -> bool:
    """Whether an entry may have been made with the rate of a day: in that currency, or from it, on that day or later."""
    made = sa.select(entries.c.seq).where(
        entries.c.ledger_currency == ledger_currency,
        sa.or_(entries.c.currency == currency, entries.c.document.contains(f'"rate_{currency}"')),
        sa.or_(entries.c.day >= day, entries.c.booked >= day),
    )
    return db.execute(made.limit(1)).first() is not None


def _is_approved(db: sa.Connection, ledger_currency: str, day: str) -> bool:
    """Whether a ledger of that currency has an approved close for the period of a day: it was revalued with what was there."""
    for one in every(db):
        if one.policy.ledger_currency == ledger_currency:
            name = Calendar(read_periods(db, one.policy.p21)).name_of(day)
            if name in approved_periods(db, one.connection):
                return True
    return False


def read_rates(db: sa.Connection, ledger_currency: str) -> Rates:
    """All rates into one ledger currency."""
    found = sa.select(rates).where(rates.c.ledger_currency == ledger_currency).order_by(rates.c.currency, rates.c.day)
    by_currency: dict[str, list[tuple[str, Decimal]]] = {}
    for row in db.execute(found):
        by_currency.setdefault(row.currency, []).append((row.day, Decimal(row.rate)))
    return Rates(ledger_currency, by_currency)


def put_periods(db: sa.Connection, p21: str, found: Iterable[Period]) -> None:
    """Keep the periods of a P21 company as they are now."""
    db.execute(sa.delete(periods).where(periods.c.connection == p21))
    rows = [
        {"connection": p21, "year": one.year, "number": one.number, "begins": one.begins, "ends": one.ends,
         "closed": one.closed}
        for one in found
    ]  # fmt: skip
    if rows:
        db.execute(sa.insert(periods), rows)


def read_periods(db: sa.Connection, p21: str) -> list[Period]:
    """The periods of a P21 company, oldest first."""
    found = sa.select(periods).where(periods.c.connection == p21).order_by(periods.c.begins)
    return [Period(row.year, row.number, row.begins, row.ends, row.closed) for row in db.execute(found)]


def calendar(db: sa.Connection, p21: str, connection: str) -> Calendar:
    """The periods as Tieout books by them: closed in P21, or locked here."""
    locked, found = locked_periods(db, connection), read_periods(db, p21)
    return Calendar(
        [Period(one.year, one.number, one.begins, one.ends, one.closed or one.name in locked) for one in found]
    )


def locked_periods(db: sa.Connection, connection: str) -> set[str]:
    """The names of the periods that are locked here, whatever P21 says."""
    return {close.period for close in read_closes(db, connection) if close.locked}


def put_close(db: sa.Connection, close: CloseRow) -> None:
    """Keep how far a close is."""
    row = {name: getattr(close, name) for name in CloseRow.__dataclass_fields__}
    dialect.put(db, closes, [row])


def read_closes(db: sa.Connection, connection: str) -> list[CloseRow]:
    """The closes of a ledger, by period."""
    found = sa.select(closes).where(closes.c.connection == connection).order_by(closes.c.period)
    return [CloseRow(**row._mapping) for row in db.execute(found)]


def approved_periods(db: sa.Connection, connection: str) -> set[str]:
    """The names of the periods whose close is approved."""
    return {one.period for one in read_closes(db, connection) if one.approved_by}


def _reading(text: str) -> tuple[int, int, str] | None:
    return tuple(json.loads(text)) if text else None


def _row(row: sa.Row[Any]) -> LedgerRow:
    return LedgerRow(
        row.connection,
        Policy.parse(json.loads(row.policy)),
        read_map(row.account_map) if row.account_map else None,
        row.account_map,
        json.loads(row.branches),
        row.kept_at,
        row.opened,
        row.imported_until,
        _reading(row.reading),
        json.loads(row.proof),
        row.proved_at,
    )
