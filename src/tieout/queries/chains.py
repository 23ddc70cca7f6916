"""Follows rows of Stripe's balance forward: to their entry, its P21 journal and documents, their payout, the bank (C3, C8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.slices import slices
from tieout.store import balance, bank, journal, payouts, postings
from tieout.store.journal import KeptEntry
from tieout.store.ledger_tables import payout_lines
from tieout.store.ledger_tables import payouts as payout_table
from tieout.store.payouts import DepositRow
from tieout.store.postings import JournalRow
from tieout.store.tables import links

FOLLOWED = 400
OF_CUSTOMERS = ("charge", "partial_capture_reversal", "charge_failure")


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A P21 record that stands for a Stripe object: its kind and number, and the reference it was written under."""

    p21: str
    entity: str
    key: str
    reference: str
    subject: str
    run: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """A match of a payout with the bank; ``line`` is None when a person settled it without one."""

    match: DepositRow
    line: BankLine | None


@dataclass(frozen=True, slots=True)
class Chain:
    """One row, and all that follows from it; what is not there yet is None or empty."""

    connection: str
    change: BalanceChange
    entry: KeptEntry | None
    journal: JournalRow | None
    documents: tuple[DocumentLink, ...]
    payout: str
    deposits: tuple[Deposit, ...]


def chains_of(db: sa.Connection, connection: str, changes: Sequence[BalanceChange]) -> list[Chain]:
    """The chains of these rows, in their order."""
    return [one for page in slices(changes, FOLLOWED) for one in _chains(db, connection, page)]


def chains_of_ids(db: sa.Connection, connection: str, ids: Sequence[str]) -> list[Chain]:
    """The chains of the rows with these ids, oldest first."""
    found = balance.numbered(db, connection, ids)
    return chains_of(db, connection, sorted(found, key=lambda one: (one.created, one.id)))


def documents_of(db: sa.Connection, origin: str, subjects: Sequence[str]) -> dict[str, list[DocumentLink]]:
    """The P21 records that stand for these Stripe objects, by object, oldest first."""
    found: dict[str, list[DocumentLink]] = {}
    for some in slices(subjects, FOLLOWED):
        wanted = sa.select(links).where(links.c.subject.in_(some)).order_by(links.c.at)
        wanted = wanted.where(links.c.origin == origin) if origin else wanted
        for row in db.execute(wanted):
            link = DocumentLink(row.connection, row.entity, row.key, row.reference, row.subject, row.run)
            found.setdefault(row.subject, []).append(link)
    return found


def deposits_of(db: sa.Connection, connection: str, payout: str) -> tuple[Deposit, ...]:
    """What the bank shows of a payout."""
    matches = payouts.deposits_of(db, connection, payout)
    lines = bank.get(db, [one.line for one in matches])
    return tuple(Deposit(one, lines.get(one.line)) for one in matches)


def subjects_of(change: BalanceChange) -> tuple[str, ...]:
    """The Stripe objects for which P21 may have records because of a row."""
    origin = change.origin
    wide = (origin.payment, origin.charge, origin.invoice) if change.category in OF_CUSTOMERS else (origin.dispute,)
    return tuple(dict.fromkeys(name for name in (*wide, change.source) if name))


def _chains(db: sa.Connection, connection: str, changes: Sequence[BalanceChange]) -> Iterator[Chain]:
    ids = [one.id for one in changes]
    entries = {kept.entry.source: kept for kept in journal.by_source(db, connection, ids)}
    journals = postings.journals_of(db, [kept.seq for kept in entries.values()])
    documents = documents_of(db, connection, [name for one in changes for name in subjects_of(one)])
    paid_in = _payouts(db, connection, changes)
    deposits = {payout: deposits_of(db, connection, payout) for payout in set(paid_in.values())}
    for one in changes:
        entry, payout = entries.get(one.id), paid_in.get(one.id, "")
        written = tuple(
            {link.reference: link for name in subjects_of(one) for link in documents.get(name, ())}.values()
        )
        carried = journals.get(entry.seq) if entry else None
        yield Chain(connection, one, entry, carried, written, payout, deposits.get(payout, ()))


def _payouts(db: sa.Connection, connection: str, changes: Sequence[BalanceChange]) -> Mapping[str, str]:
    """The payout that each row is in; a payout's own row belongs to it too."""
    ids = [one.id for one in changes]
    inside = sa.select(payout_lines.c.change, payout_lines.c.payout)
    rows = db.execute(inside.where(payout_lines.c.connection == connection, payout_lines.c.change.in_(ids)))
    found = {row.change: row.payout for row in rows}
    own = sa.select(payout_table.c.id).where(
        payout_table.c.connection == connection, payout_table.c.id.in_([one.source for one in changes])
    )
    known = set(db.execute(own).scalars())
    return found | {one.id: one.source for one in changes if one.source in known}
