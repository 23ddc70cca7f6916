"""From any figure back to Stripe's row and forward to P21: whatever somebody has a name for is found in the books (M9).

A name may stand for several things (P21's numbers are Tieout's entry numbers too): all of them are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa

from tieout.domain.ledger.account import ACCOUNTS
from tieout.domain.reconciliation.deposit import BankLine
from tieout.domain.reconciliation.receivables import sales_of
from tieout.kernel.money import CURRENCIES, Money
from tieout.queries.chains import Chain, DocumentLink, chains_of_ids, documents_of
from tieout.queries.ledger import PostingLine, account_postings
from tieout.queries.payouts import PayoutDetail, payout_detail
from tieout.queries.receivables import receivables_standing
from tieout.store import bank, exceptions, journal, ledgers, payouts, postings
from tieout.store.database import Database
from tieout.store.exceptions import ExceptionRow
from tieout.store.journal import KeptEntry
from tieout.store.ledger_tables import balance_changes, bank_lines, entries, entry_lines, journals
from tieout.store.ledger_tables import payouts as payout_table
from tieout.store.payouts import DepositRow
from tieout.store.postings import JournalRow
from tieout.store.tables import links

SHOWN = 20
NUMBER_CHARACTERS_MAX = 15
BANK_ID_CHARS_MIN = 6
AMOUNT = re.compile(
    r"(?P<amount>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,3})?)(?: ?(?P<currency>[A-Za-z]{3}))?"
)
STRIPE_ID = re.compile("[a-z]+_[A-Za-z0-9]{8,}")


class _Found(NamedTuple):
    connection: str
    id: str
    source: str
    payment: str


@dataclass(frozen=True, slots=True)
class KindSum:
    """What entries of one kind moved on an account: their category, minor units of the currency, how many."""

    currency: str
    kind: str
    amount: int
    entries: int


@dataclass(frozen=True, slots=True)
class AccountStory:
    """One account of one ledger: what it stands at by currency, its P21 numbers, where that comes from, its last postings."""

    connection: str
    account: str
    numbers: tuple[str, ...]
    balances: dict[str, tuple[int, int]]
    ledger_currency: str
    kinds: tuple[KindSum, ...]
    last: tuple[PostingLine, ...]

    @property
    def worth(self) -> int:
        """All of it in the ledger's currency, in minor units."""
        return sum(value for _, value in self.balances.values())


@dataclass(frozen=True, slots=True)
class JournalStory:
    """A P21 journal and the entries that it carries (the first of them, and how many there are)."""

    journal: JournalRow
    entries: tuple[KeptEntry, ...]
    count: int


@dataclass(frozen=True, slots=True)
class OtherEntry:
    """An entry that no row of Stripe's balance made: a document, a bank line, a decision; and the journal that carries it."""

    kept: KeptEntry
    journal: JournalRow | None


@dataclass(frozen=True, slots=True)
class OwedStory:
    """What the books say a customer owes on a sale, in minor units of the ledger's currency; below 0 it is owed to them."""

    connection: str
    currency: str
    booked: int
    customer: str
    documents: str


@dataclass(frozen=True, slots=True)
class BankStory:
    """A line of a bank statement, and what was matched with it: payouts with their part of it in minor units."""

    line: BankLine
    matched: tuple[DepositRow, ...]


@dataclass(frozen=True, slots=True)
class AmountStory:
    """Something that has the amount that was asked for: what it is, its id, its day (YYYY-MM-DD) and amount (minor units)."""

    kind: str
    id: str
    day: str
    amount: int
    currency: str
    about: str


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known under one name; ``more`` rows are there besides those in ``chains``."""

    name: str
    accounts: tuple[AccountStory, ...] = ()
    payout: PayoutDetail | None = None
    chains: tuple[Chain, ...] = ()
    more: int = 0
    other: tuple[OtherEntry, ...] = ()
    journals: tuple[JournalStory, ...] = ()
    documents: tuple[DocumentLink, ...] = ()
    exceptions: tuple[ExceptionRow, ...] = ()
    bank: tuple[BankStory, ...] = ()
    amounts: tuple[AmountStory, ...] = ()
    owed: tuple[OwedStory, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        ours = (self.accounts, self.chains, self.other, self.journals, self.documents)
        found = (*ours, self.exceptions, self.bank, self.amounts)
        return self.payout is None and not any(found)


def explain(books: Database, name: str, shown: int = SHOWN, also: Sequence[str] = ()) -> Story:
    """What the books know of an account, a Stripe id, an entry number, a P21 number or a reference.

    ``also`` are Stripe ids that belong to it; ``shown`` is how many rows at most.
    """
    accounts = _accounts(books, name, shown)
    payout = payout_detail(books, name, 0)
    with books.reading() as db:
        found_journals = _journals(db, name)
        by_key = _links(db, name)
        subjects = list(dict.fromkeys([name, *also, *(one.subject for one in by_key)]))
        entry = _entry(db, name)
        rows = _rows(db, [*subjects, *([entry.entry.source] if entry else [])])
        chains = [one for connection, ids in _grouped(rows[:shown]) for one in chains_of_ids(db, connection, ids)]
        told = {one.entry.seq for one in chains if one.entry}
        other = _other(db, subjects, entry, told)
        documents = by_key or [link for found in documents_of(db, "", subjects).values() for link in found]
        about = [*subjects, *(one.change.id for one in chains), *(one.change.source for one in chains)]
        open_ = exceptions.about(db, sorted(set(filter(None, about))))
        bank_lines_ = _bank(db, name)
        amounts = _amounts(db, name, shown)
        owed = _owed(db, {*subjects, *(one.subject for one in documents)}) if documents or chains else []
    return Story(
        name, accounts, payout, tuple(chains), max(0, len(rows) - shown), tuple(other), tuple(found_journals),
        tuple(documents), tuple(open_), tuple(bank_lines_), tuple(amounts), tuple(owed),
    )  # fmt: skip


def _accounts(books: Database, name: str, shown: int) -> tuple[AccountStory, ...]:
    """The account of that name in every ledger, or those that are mapped to that P21 number."""
    with books.reading() as db:
        every = ledgers.every(db)
    found = []
    for ledger in every:
        rules = ledger.accounts.rules if ledger.accounts else ()
        named = [name] if name in ACCOUNTS else sorted({rule.account for rule in rules if rule.number == name})
        for account in named:
            numbers = tuple(dict.fromkeys(rule.number for rule in rules if rule.account == account))
            found.append(_account(books, ledger.connection, ledger.policy.ledger_currency, account, numbers, shown))
    return tuple(found)


def _account(
    books: Database, connection: str, home: str, account: str, numbers: tuple[str, ...], shown: int
) -> AccountStory:
    with books.reading() as db:
        stands = journal.balance(db, connection, account)
        kinds = _kinds(db, connection, account)
    return AccountStory(
        connection, account, numbers, stands, home, kinds, account_postings(books, connection, account, limit=shown)
    )


def _kinds(db: sa.Connection, connection: str, account: str) -> tuple[KindSum, ...]:
    found = (
        sa.select(
            entries.c.currency,
            entries.c.kind,
            sa.func.sum(entry_lines.c.amount),
            sa.func.count(sa.distinct(entries.c.seq)),
        )
        .join(entry_lines, entry_lines.c.entry == entries.c.seq)
        .where(entries.c.connection == connection, entry_lines.c.account == account)
        .group_by(entries.c.currency, entries.c.kind)
        .order_by(entries.c.currency, entries.c.kind)
    )
    return tuple(KindSum(row[0], row[1], int(row[2]), int(row[3])) for row in db.execute(found))


def _journals(db: sa.Connection, name: str) -> list[JournalStory]:
    """The journals with that P21 number, or that name of ours."""
    found = sa.select(journals.c.id).where(
        sa.or_(journals.c.key == name, journals.c.name == name), journals.c.key != ""
    )
    stories = []
    for number in db.execute(found).scalars():
        row, carried = postings.get(db, number), postings.entries_of(db, number)
        assert row is not None, "it was just found"
        stories.append(JournalStory(row, tuple(journal.numbered(db, carried[:SHOWN])), len(carried)))
    return stories


def _links(db: sa.Connection, name: str) -> list[DocumentLink]:
    """The P21 records with that number or reference, or written by that run."""
    named = sa.or_(links.c.key == name, links.c.reference == name, links.c.run == name)
    found = sa.select(links).where(named).order_by(links.c.at)
    rows = db.execute(found)
    return [DocumentLink(row.connection, row.entity, row.key, row.reference, row.subject, row.run) for row in rows]


def _owed(db: sa.Connection, names: set[str]) -> list[OwedStory]:
    """The sales that these objects belong to, in every ledger that has a P21 (case B3)."""
    found = []
    for ledger in ledgers.every(db):
        if ledger.policy.p21:
            standing = receivables_standing(db, ledger.connection, ledger.policy.p21)
            sales, _ = sales_of(standing.booked, standing.records, standing.together, ())
            found += [
                OwedStory(ledger.connection, ledger.policy.ledger_currency, one.booked, one.customer, one.documents)
                for one in sales
                if names & set(one.subjects)
            ]
    return found


def _bank(db: sa.Connection, name: str) -> list[BankStory]:
    """The lines of the bank with that id, or the beginning of it, or that trace id."""
    table = bank_lines.c
    by_id = table.id.startswith(name, autoescape=True) if len(name) >= BANK_ID_CHARS_MIN else table.id == name
    ids = db.execute(sa.select(table.id).where(sa.or_(by_id, table.trace == name)).limit(SHOWN)).scalars()
    whole = bank.get(db, list(ids))
    matched = [one for one in payouts.deposits_of(db) if one.line in whole] if whole else []
    return [BankStory(line, tuple(one for one in matched if one.line == key)) for key, line in sorted(whole.items())]


def _amounts(db: sa.Connection, name: str, shown: int) -> list[AmountStory]:
    """Rows, payouts and bank lines of exactly that amount, whatever its sign; newest first, ``shown`` of each kind."""
    asked = AMOUNT.fullmatch(name.replace("\N{MINUS SIGN}", "-"))
    if asked is None:
        return []
    wanted = _minor_units(asked["amount"].replace(",", "").lstrip("-"), (asked["currency"] or "").lower())
    found = []
    for kind, table, day, columns, about in _WITH_AMOUNTS:
        for minor, currencies in wanted.items():
            where = sa.or_(*(sa.func.abs(column) == minor for column in columns))
            rows = sa.select(table.c.id, day, columns[0], table.c.currency, about).where(
                where, table.c.currency.in_(currencies)
            )
            read = db.execute(rows.order_by(day.desc(), table.c.id).limit(shown))
            found += [AmountStory(kind, row[0], row[1], int(row[2]), row[3], row[4]) for row in read]
    return found


_WITH_AMOUNTS = (
    ("row", balance_changes, balance_changes.c.day, (balance_changes.c.amount, balance_changes.c.net),
     balance_changes.c.source),
    ("payout", payout_table, payout_table.c.arrival_day, (payout_table.c.amount,), payout_table.c.status),
    ("bank line", bank_lines, bank_lines.c.day, (bank_lines.c.amount,), bank_lines.c.descriptor),
)  # fmt: skip


def _minor_units(text: str, currency: str) -> dict[int, list[str]]:
    """Which minor units that amount is, by currency: 12.50 is 1250 in dollars, and no amount in yen."""
    found: dict[int, list[str]] = {}
    for code in (currency,) if currency else sorted(CURRENCIES):
        with suppress(ValueError):
            found.setdefault(Money.of_decimal(Decimal(text), code).minor, []).append(code)
    return found


def _entry(db: sa.Connection, name: str) -> KeptEntry | None:
    number = name.removeprefix("#")
    if not (number.isascii() and number.isdecimal()) or len(number) > NUMBER_CHARACTERS_MAX:
        return None
    return next(iter(journal.numbered(db, [int(number)])), None)


def _rows(db: sa.Connection, names: Sequence[str]) -> list[tuple[str, str]]:
    """The rows (connection, id) that these objects made, and those of the same payments; oldest first.

    Ids that no index knows (an invoice, a customer) are looked for in the rows themselves.
    """
    table = balance_changes.c
    direct = _found(
        db, sa.or_(*(column.in_(names) for column in (table.id, table.source, table.payment, table.dispute)))
    )
    if direct:
        charges = [row.source for row in direct if row.source in names and row.payment and row.source != row.payment]
        payments = {row.payment for row in direct if row.source in charges}
        direct = _found(db, sa.or_(table.id.in_([row.id for row in direct]), table.payment.in_(payments)))
    elif ids := [name for name in names if STRIPE_ID.fullmatch(name)]:
        direct = _found(db, sa.or_(*(table.document.contains(f'"{name}"', autoescape=True) for name in ids)))
    return [(row.connection, row.id) for row in direct]


def _found(db: sa.Connection, where: sa.ColumnElement[bool]) -> list[_Found]:
    table = balance_changes.c
    wanted = sa.select(table.connection, table.id, table.source, table.payment).where(where)
    return [_Found(*row) for row in db.execute(wanted.order_by(table.created, table.id))]


def _grouped(rows: Iterable[tuple[str, str]]) -> Iterable[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for connection, row_id in rows:
        groups.setdefault(connection, []).append(row_id)
    return groups.items()


def _other(db: sa.Connection, names: Sequence[str], entry: KeptEntry | None, told: set[int]) -> list[OtherEntry]:
    found = {one.seq: one for name in names for one in journal.about(db, name)}
    if entry:
        found[entry.seq] = entry
    fresh = [one for seq, one in sorted(found.items()) if seq not in told]
    carried = postings.journals_of(db, [one.seq for one in fresh])
    return [OtherEntry(one, carried.get(one.seq)) for one in fresh]
