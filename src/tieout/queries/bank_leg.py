"""Reads what each ledger has sent through its bank, and what the bank has still to show of it (accounting C3 I5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.posting import Book
from tieout.domain.reconciliation.deposit import ExpectedDeposit
from tieout.domain.reconciliation.statement import Payout
from tieout.store import balance, ledgers, payouts
from tieout.store.database import Database
from tieout.store.payouts import RESOLVED, DepositRow, PayoutRow

RETURN, REST = ":return", ":rest"
TOP_UPS = ("topup", "topup_reversal")


@dataclass(frozen=True, slots=True)
class Left:
    """How money left Stripe for the bank: the row that moved Stripe's balance, and when (epoch seconds)."""

    row: str
    at: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What one ledger has sent through its bank, and what the bank has shown of it."""

    book: Book
    rows: tuple[PayoutRow, ...]
    top_ups: tuple[BalanceChange, ...]
    matched: Mapping[str, list[DepositRow]]

    def left(self) -> dict[str, Left]:
        """How each left Stripe."""
        left = {row.payout.id: Left(row.payout.own_row, row.payout.created) for row in self.rows}
        return left | {row.id: Left(row.id, row.created) for row in self.top_ups}

    def currency(self, paid: str) -> str:
        """The currency of a payout or top-up; KeyError for another."""
        return (
            {row.payout.id: row.payout.currency for row in self.rows} | {one.id: one.currency for one in self.top_ups}
        )[paid]

    def expected(self) -> Iterator[ExpectedDeposit]:
        """What the bank has still to show: payouts on their way, those that failed after the bank had them, and top-ups.

        The bank gives back what it showed; what a person settled it never had. Top-ups are the other way round (C2 #27).
        """
        for row in self.rows:
            payout = row.payout
            shown = sum(one.amount for one in self.matched.get(payout.id, ()) if one.how != RESOLVED)
            if payout.returned and shown:
                yield ExpectedDeposit(
                    f"{payout.id}{RETURN}", -shown, payout.currency, self._day(payout), "", payout.descriptor
                )
            elif not payout.returned and payout.id not in self.matched:
                yield self._there(payout)
        for change in self.top_ups:
            if change.id not in self.matched:
                yield ExpectedDeposit(
                    change.id, -change.amount, change.currency, day_of(change.created, self.book.zone)
                )

    def expected_both_ways(self) -> Iterator[ExpectedDeposit]:
        """Payouts that had failed before they were first seen: in the bank both ways, or not at all."""
        for row in self.rows:
            if row.payout.returned and row.payout.id not in self.matched:
                there = self._there(row.payout)
                yield there
                yield replace(there, payout=f"{there.payout}{RETURN}", amount=-there.amount, trace="")

    def expected_rests(self) -> Iterator[ExpectedDeposit]:
        """What is still missing of payouts that have a trace and are short."""
        for row in self.rows:
            payout = row.payout
            has = sum(one.amount for one in self.matched.get(payout.id, ()))
            if payout.id in self.matched and not payout.returned and payout.trace and has != payout.amount:
                yield replace(self._there(payout), payout=f"{payout.id}{REST}", amount=payout.amount - has)

    def _there(self, payout: Payout) -> ExpectedDeposit:
        day = self._day(payout)
        return ExpectedDeposit(payout.id, payout.amount, payout.currency, day, payout.trace, payout.descriptor)

    def _day(self, payout: Payout) -> str:
        return payout.arrival_day or day_of(payout.created, self.book.zone)


def sent_by_every(books: Database) -> dict[str, Sent]:
    """It of every ledger, by its connection."""
    with books.reading() as db:
        return {one.connection: _sent(db, one.connection) for one in ledgers.every(db)}


def payout_named(expected: str) -> str:
    """The payout or top-up that something expected is a part of."""
    return expected.removesuffix(RETURN).removesuffix(REST)


def _sent(db: sa.Connection, connection: str) -> Sent:
    book = ledgers.book(db, connection)
    rows = tuple(row for row in payouts.every(db, connection) if book.begun(row.payout.created))
    matched: dict[str, list[DepositRow]] = {}
    for one in payouts.deposits_of(db, connection):
        matched.setdefault(one.payout, []).append(one)
    return Sent(book, rows, tuple(balance.of_categories(db, connection, TOP_UPS)), matched)
