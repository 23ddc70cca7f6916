"""The bank leg: reads statements, finds the line of each payout, and posts what the bank has received (M9; C3 I5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tieout.connectors.bank import CsvColumns, read_statement
from tieout.domain.ledger.account import BANK, TRANSIT
from tieout.domain.ledger.entry import Entry, Leg, pair
from tieout.domain.ledger.period import Booked, day_of
from tieout.domain.ledger.posting import Book
from tieout.domain.reconciliation.deposit import BankLine, DepositBreak, DepositMatch, ExpectedDeposit, match_deposits
from tieout.nodes._ports import Ports
from tieout.operations.keep_deposits import keep_deposits
from tieout.operations.keep_statement import keep_statement
from tieout.store import bank, ledgers, payouts
from tieout.store.payouts import DepositRow, PayoutRow

ACTOR = "tieout"
RETURN = ":return"


@dataclass(frozen=True, slots=True)
class Imported:
    """What a statement held: how many lines, and how many of them were new."""

    lines: int
    new: int


@dataclass(slots=True)
class Matched:
    """What a look at the bank found: payouts whose bank leg changed, and payouts that the bank does not show yet."""

    payouts: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def import_statement(ports: Ports, name: str, content: bytes, columns: CsvColumns | None = None) -> Imported:
    """Read a statement and keep its lines. Failed(Fix) says what is wrong with the file."""
    statement = read_statement(name, content, columns)
    new = keep_statement(ports.books, statement.lines, statement.digest, ports.clock())
    return Imported(len(statement.lines), new)


def match_bank(ports: Ports, connection: str) -> Matched:
    """Match every payout that is open with the lines that are; a line that is short or over is kept as what it is."""
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
        rows = list(payouts.every(db, connection))
        kept = payouts.deposits_of(db, connection)
        lines = {one.id: one for one in bank.unmatched(db)}
    expected = {one.payout: one for one in _expected(rows, kept, book)}
    found, by_id = match_deposits(list(expected.values()), list(lines.values())), {row.payout.id: row for row in rows}
    done = Matched(open=[one.id for one in found.open_payouts])
    together: list[DepositMatch | DepositBreak] = [*found.matches, *found.breaks]
    for one in together:
        if isinstance(one, DepositBreak) and one.kind == "currency":
            done.open += one.payouts
            continue
        deposits = _deposits(connection, one, expected, lines)
        entries = [
            _entry(lines[name], [row for row in deposits if row.line == name], by_id, book) for name in one.lines
        ]
        keep_deposits(ports.books, connection, deposits, [one for one in entries if one], ACTOR, ports.clock())
        done.payouts += [_payout(name) for name in one.payouts]
    return done


def _expected(rows: Iterable[PayoutRow], kept: Iterable[DepositRow], book: Book) -> Iterable[ExpectedDeposit]:
    """What the bank has still to show: payouts on their way, and those that failed after the bank had them."""
    received: dict[str, int] = {}
    for one in kept:
        received[one.payout] = received.get(one.payout, 0) + one.amount
    for row in rows:
        payout, has = row.payout, received.get(row.payout.id, 0)
        day = payout.arrival_day or day_of(payout.created, book.zone)
        if payout.returned and has:
            yield ExpectedDeposit(f"{payout.id}{RETURN}", -has, payout.currency, day, "", payout.descriptor)
        elif not payout.returned and payout.id not in received:
            yield ExpectedDeposit(payout.id, payout.amount, payout.currency, day, payout.trace, payout.descriptor)


def _deposits(
    connection: str,
    found: DepositMatch | DepositBreak,
    expected: dict[str, ExpectedDeposit],
    lines: dict[str, BankLine],
) -> list[DepositRow]:
    """How much of which line is for which payout: what was exact is shared exactly, what is short stays short."""
    how = found.by if isinstance(found, DepositMatch) else found.kind
    if len(found.lines) == 1 and len(found.payouts) > 1:
        line = lines[found.lines[0]]
        parts = [(name, line, expected[name].amount) for name in found.payouts]
        rest = line.amount - sum(amount for _, _, amount in parts)
        parts[-1] = (parts[-1][0], line, parts[-1][2] + rest)
    else:
        parts = [(found.payouts[0], lines[name], lines[name].amount) for name in found.lines]
    return [DepositRow(connection, _payout(name), line.id, amount, how, line.day) for name, line, amount in parts]


def _payout(name: str) -> str:
    return name.removesuffix(RETURN)


def _entry(line: BankLine, parts: list[DepositRow], by_id: dict[str, PayoutRow], book: Book) -> Entry | None:
    """The bank's day dates it (C4); what was in transit is relieved at the value of the day it left Stripe."""
    if not parts:
        return None
    booked = book.calendar.booked(line.day, "next_open")
    legs = tuple(_leg(place, part, by_id[part.payout], line, book) for place, part in enumerate(parts, 1))
    return Entry(
        source=f"bank:{line.id}",
        kind="bank",
        day=line.day,
        booked=booked.day if isinstance(booked, Booked) else line.day,
        currency=line.currency,
        ledger_currency=book.policy.ledger_currency,
        legs=legs,
        subject=parts[0].payout,
        memo=f"Bank {line.account}: {', '.join(part.payout for part in parts)}",
        labels=(("category", "bank"),),
    )


def _leg(place: int, part: DepositRow, row: PayoutRow, line: BankLine, book: Book) -> Leg:
    value = book.rates.value(part.amount, line.currency, day_of(row.payout.created, book.zone))
    return pair(f"bank{place}", BANK, TRANSIT, part.amount, value)
