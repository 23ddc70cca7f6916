"""Reads the books of one Stripe account: which are kept, the trial balance at any day, the postings of an account (C9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from tieout.domain.ledger.balances import Roll, off_balance, roll_forward
from tieout.kernel.failures import Failed, Fix
from tieout.store import connections, journal, ledgers, postings
from tieout.store.database import Database
from tieout.store.ledger_tables import entries, entry_lines
from tieout.store.ledgers import LedgerRow
from tieout.store.postings import DUE, JournalRow

LAST_DAY = "9999-12-31"


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account over a time; ``off`` is what the closing values are off by, by ledger currency (minor units)."""

    connection: str
    begins: str
    ends: str
    rolls: tuple[Roll, ...]
    off: dict[str, int]


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One entry on one account: what it moves there, and what the account stands at after it (minor units)."""

    entry: int
    booked: str
    day: str
    source: str
    subject: str
    memo: str
    amount: int
    currency: str
    value: int
    ledger_currency: str
    running: int
    journal: str


@dataclass(frozen=True, slots=True)
class RateLine:
    """Units of the ledger's currency for one unit of ``currency`` on a day."""

    currency: str
    day: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has not reached P21: journals that are formed, and entries that no journal carries yet."""

    journals: tuple[JournalRow, ...]
    entries: int


def stripe_names(books: Database) -> tuple[str, ...]:
    """The Stripe accounts that are connected."""
    with books.reading() as db:
        return tuple(row.name for row in connections.every(db) if row.connector == "stripe")


def p21_names(books: Database) -> tuple[str, ...]:
    """The Prophet 21 companies that are connected."""
    with books.reading() as db:
        return tuple(row.name for row in connections.every(db) if row.connector == "p21")


def kept_ledgers(books: Database) -> tuple[LedgerRow, ...]:
    """Every ledger that is kept. Failed(Fix) when there is none."""
    with books.reading() as db:
        found = tuple(ledgers.every(db))
    if not found:
        sentence = (
            "No ledger is kept yet. Keep one with: tieout ledger keep --currency usd --time-zone America/New_York"
        )
        raise Failed(Fix("ledger.missing", sentence, field="ledger"))
    return found


def kept_ledger(books: Database, name: str = "") -> LedgerRow:
    """The ledger of that Stripe connection; an empty name means the only one. Failed(Fix) names what there is."""
    every = kept_ledgers(books)
    found = [row for row in every if name in ("", row.connection)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(row.connection for row in every)
    sentence = (
        f"No ledger is kept for {name!r}; there are: {names}." if name else f"Say which ledger: {names} are kept."
    )
    raise Failed(Fix("ledger.missing", sentence, field="ledger", value=name))


def ledger_named(books: Database, connection: str) -> LedgerRow | None:
    """The ledger of exactly that connection, or None."""
    with books.reading() as db:
        return ledgers.get(db, connection)


def kept_rates(books: Database, ledger_currency: str) -> tuple[RateLine, ...]:
    """The rates into a ledger's currency, newest day first."""
    with books.reading() as db:
        kept = ledgers.read_rates(db, ledger_currency).by_currency
    found = [RateLine(currency, day, rate) for currency, days in kept.items() for day, rate in days]
    return tuple(sorted(found, key=lambda one: (one.day, one.currency), reverse=True))


def books_verified(books: Database) -> tuple[int, str]:
    """How many entries there are, and what is wrong with the chain or the sums: empty when nothing is."""
    with books.reading() as db:
        count = db.execute(sa.select(sa.func.count()).select_from(entries)).scalar_one()
        misfit = journal.verify_chain(db)
    return count, misfit.why if misfit else ""


def trial_balance(books: Database, connection: str, begins: str = "", ends: str = "") -> TrialBalance:
    """All accounts from ``begins`` to ``ends`` (YYYY-MM-DD, both included; empty: from the first, to the last)."""
    with books.reading() as db:
        rolls = roll_forward(journal.day_sums(db, connection, ends=ends), begins, ends or LAST_DAY)
    return TrialBalance(connection, begins, ends, rolls, off_balance(rolls))


def account_postings(
    books: Database,
    connection: str,
    account: str,
    currency: str = "",
    begins: str = "",
    ends: str = "",
    limit: int = 50,
) -> tuple[PostingLine, ...]:
    """The newest postings of an account, by the day they stand in the books, each with the running figure after it."""
    with books.reading() as db:
        running = _closing(db, connection, account, ends)
        rows = db.execute(_moved(connection, account, currency, begins, ends).limit(limit)).all()
        whole = {kept.seq: kept for kept in journal.numbered(db, [row.seq for row in rows])}
        carried = postings.journals_of(db, list(whole))
    found = []
    for row in rows:
        entry, carrier = whole[row.seq].entry, carried.get(row.seq)
        found.append(
            PostingLine(
                row.seq, entry.booked, entry.day, entry.source, entry.subject, entry.memo, int(row.amount),
                entry.currency, int(row.value), entry.ledger_currency, running[entry.currency],
                (carrier.key or carrier.name) if carrier else "",
            )
        )  # fmt: skip
        running[entry.currency] -= int(row.amount)
    return tuple(found)


def waiting_for_p21(books: Database, connection: str) -> Waiting:
    """What of the books P21 does not have yet."""
    with books.reading() as db:
        due = tuple(postings.in_state(db, DUE, connection))
        return Waiting(due, sum(count for _, _, count in postings.groups(db, connection)))


def _closing(db: sa.Connection, connection: str, account: str, ends: str) -> dict[str, int]:
    closing: dict[str, int] = {}
    for day in journal.day_sums(db, connection, account=account, ends=ends):
        closing[day.currency] = closing.get(day.currency, 0) + day.amount
    return closing


def _moved(connection: str, account: str, currency: str, begins: str, ends: str) -> sa.Select[tuple[int, int, int]]:
    wanted = sa.select(
        entries.c.seq,
        sa.func.sum(entry_lines.c.amount).label("amount"),
        sa.func.sum(entry_lines.c.value).label("value"),
    )
    joined = wanted.join(entry_lines, entry_lines.c.entry == entries.c.seq).where(
        entries.c.connection == connection,
        entry_lines.c.account == account,
        entries.c.booked.between(begins, ends or LAST_DAY),
    )
    joined = joined.where(entries.c.currency == currency) if currency else joined
    return joined.group_by(entries.c.seq).order_by(entries.c.booked.desc(), entries.c.seq.desc())
