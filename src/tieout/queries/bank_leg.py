"""Reads what each ledger has sent through its bank, and what the bank has still to show of it (accounting C3 I5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.posting import Book
from tieout.domain.reconciliation.deposit import ExpectedDeposit, bank_source
from tieout.domain.reconciliation.statement import Payout
from tieout.store import balance, bank, ledgers, payouts
from tieout.store.database import Database
from tieout.store.payouts import RESOLVED, DepositRow

RETURN, REST = ":return", ":rest"
TOP_UPS = ("topup", "topup_reversal")


@dataclass(frozen=True, slots=True)
class OwnRow:
    """The row of the balance by which money left Stripe for the bank, and when (epoch seconds)."""

    id: str
    at: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What one ledger has sent through its bank, and what the bank has shown of it.

    ``payouts`` are those since the ledger began, by id; ``rows`` what no payout of it stands for, by row: top-ups, and
    payouts from before it began that came back.
    """

    connection: str
    book: Book
    payouts: Mapping[str, Payout]
    rows: Mapping[str, BalanceChange]
    matched: Mapping[str, tuple[DepositRow, ...]]

    def __contains__(self, name: str) -> bool:
        return name in self.payouts or name in self.rows

    def named(self, name: str, amount: int = 0) -> str:
        """What it is called here: a top-up by its row, also where Stripe's own name for it is given.

        Of several rows with that name it is one that is open, and of that amount.
        """
        own = [row.id for row in self.rows.values() if row.source == name]
        return min(own, key=lambda row: (row in self.matched, self.due(row) != amount), default=name)

    def row_of(self, name: str) -> OwnRow:
        """How a payout, or a row, left Stripe; KeyError for another."""
        if name in self.rows:
            return OwnRow(name, self.rows[name].created)
        return OwnRow(self.payouts[name].own_row, self.payouts[name].created)

    def currency(self, name: str) -> str:
        """Its currency."""
        return (self.rows[name] if name in self.rows else self.payouts[name]).currency

    def owed(self, name: str) -> int:
        """What the bank has of it in the end, in minor units."""
        if name in self.rows:
            return -self.rows[name].amount
        return 0 if self.payouts[name].returned else self.payouts[name].amount

    def has(self, name: str) -> int:
        """What the bank has of it by now, with what a person settled."""
        return sum(one.amount for one in self.matched.get(name, ()))

    def shown(self, name: str) -> tuple[DepositRow, ...]:
        """The lines of the bank it is matched with; not what a person settled."""
        return tuple(one for one in self.matched.get(name, ()) if one.how != RESOLVED)

    def due(self, name: str) -> int:
        """What the bank has to show of it next: a payout that came back is there first, and then goes as it was shown."""
        if name in self.rows or not self.payouts[name].returned:
            return self.owed(name) - self.has(name)
        shown = self.shown(name)
        if not shown:
            return self.payouts[name].amount
        return -self.has(name) if any(one.back for one in shown) else -sum(one.amount for one in shown)

    def lines_of(self, name: str) -> frozenset[str]:
        """What it is matched with."""
        return frozenset(one.line for one in self.matched.get(name, ()))

    def expected(self) -> Iterator[ExpectedDeposit]:
        """What the bank has still to show: payouts on their way, those that failed after the bank had them, and rows.

        The bank gives back what it showed; what a person settled it never had. Rows are the other way round (C2 #27).
        """
        for payout in self.payouts.values():
            shown = self.shown(payout.id)
            if not payout.returned and not shown:
                yield self._there(payout)
            elif payout.returned and shown and not any(one.back for one in shown):
                there = replace(self._there(payout), payout=f"{payout.id}{RETURN}", trace="")
                yield replace(there, amount=self.due(payout.id))
        for row in self.rows.values():
            if row.id not in self.matched:
                day = day_of(row.created, self.book.zone)
                yield ExpectedDeposit(row.id, -row.amount, row.currency, day, sender=self.connection)

    def expected_both_ways(self) -> Iterator[ExpectedDeposit]:
        """Payouts that had failed before they were first seen: in the bank both ways, or not at all."""
        for payout in self.payouts.values():
            if payout.returned and not self.shown(payout.id):
                there = self._there(payout)
                yield there
                yield replace(there, payout=f"{there.payout}{RETURN}", amount=-there.amount, trace="")

    def expected_rests(self) -> Iterator[ExpectedDeposit]:
        """What is still missing of payouts that have a trace and are short."""
        for payout in self.payouts.values():
            rest = payout.amount - self.has(payout.id)
            if self.shown(payout.id) and not payout.returned and payout.trace and rest:
                yield replace(self._there(payout), payout=f"{payout.id}{REST}", amount=rest)

    def _there(self, payout: Payout) -> ExpectedDeposit:
        day = payout.arrival_day or day_of(payout.created, self.book.zone)
        return ExpectedDeposit(
            payout.id, payout.amount, payout.currency, day, payout.trace, payout.descriptor, self.connection
        )


def sent_by_every(books: Database) -> dict[str, Sent]:
    """It of every ledger, by its connection."""
    with books.reading() as db:
        return {one.connection: _sent(db, one.connection) for one in ledgers.every(db)}


def deposit_legs(books: Database, connection: str, payout: str) -> dict[str, str]:
    """What the entries of a payout's bank leg were posted for, each with the leg that is this payout's (empty: all of them)."""
    with books.reading() as db:
        return {
            one.line if one.how == RESOLVED else bank_source(one.line, bank.times_taken_back(db, one.line)): one.leg
            for one in payouts.deposits_of(db, connection, payout)
        }


def payout_named(expected: str) -> str:
    """The payout or row that something expected is a part of."""
    return expected.removesuffix(RETURN).removesuffix(REST)


def _sent(db: sa.Connection, connection: str) -> Sent:
    book, matched = ledgers.book(db, connection), dict[str, list[DepositRow]]()
    for one in payouts.deposits_of(db, connection):
        matched.setdefault(one.payout, []).append(one)
    kept = [row.payout for row in payouts.every(db, connection)]
    rows = [*balance.of_categories(db, connection, TOP_UPS), *balance.returned_from_before(db, connection)]
    return Sent(
        connection,
        book,
        {one.id: one for one in kept if book.begun(one.created)},
        {row.id: row for row in rows},
        {name: tuple(found) for name, found in matched.items()},
    )
