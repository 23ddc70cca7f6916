"""The bank leg: reads statements, finds the line of each payout, and posts what the bank has received (M9; C3 I5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tieout.connectors.bank import CsvColumns, read_statement
from tieout.domain.ledger.account import BANK, TRANSIT
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.entry import Entry, pair
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.valuing import NoRate
from tieout.domain.reconciliation.deposit import BankLine, DepositBreak, DepositMatch, ExpectedDeposit, match_deposits
from tieout.domain.reconciliation.statement import Payout
from tieout.nodes._ports import Ports
from tieout.operations.ask_for_period import stand_or_ask
from tieout.operations.keep_deposits import keep_deposits
from tieout.operations.keep_statement import keep_statement
from tieout.store import balance, bank, journal, ledgers, payouts
from tieout.store.payouts import DepositRow, PayoutRow

ACTOR = "tieout"
RETURN, REST = ":return", ":rest"
TOP_UPS = ("topup", "topup_reversal")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a statement held: how many lines, and how many of them were new."""

    lines: int
    new: int


@dataclass(slots=True)
class Matched:
    """What a look at the bank found: payouts and top-ups whose bank leg changed, and what the bank does not show yet."""

    payouts: list[str] = field(default_factory=list)
    top_ups: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def import_statement(ports: Ports, name: str, content: bytes, columns: CsvColumns | None = None) -> Imported:
    """Read a statement and keep its lines. Failed(Fix) says what is wrong with the file."""
    statement = read_statement(name, content, columns)
    new = keep_statement(ports.books, statement.lines, statement.digest, ports.clock())
    return Imported(len(statement.lines), new)


def match_bank(ports: Ports, connection: str) -> Matched:
    """Match every payout and top-up that is open with the lines that are; a line that is short or over stays what it is."""
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
        rows = [row for row in payouts.every(db, connection) if book.begun(row.payout.created)]
        kept = payouts.deposits_of(db, connection)
        top_ups = balance.of_categories(db, connection, TOP_UPS)
        lines = {one.id: one for one in bank.unmatched(db)}
    left = {row.payout.id: (row.payout.own_row, row.payout.created) for row in rows}
    left |= {row.id: (row.id, row.created) for row in top_ups}
    look = _Look(ports, connection, book, left, lines, frozenset(row.id for row in top_ups), Matched())
    expected = {one.payout: one for one in (*_expected(rows, kept, book), *_expected_top_ups(top_ups, kept, book))}
    look.match(expected)
    seen = _received(kept)
    look.match_rests([row.payout for row in rows if not row.payout.returned], seen)
    look.match_pairs({row.payout.id: row for row in rows if row.payout.returned and row.payout.id not in seen})
    return look.done


@dataclass(slots=True)
class _Look:
    """One look at the bank: ``left`` has the row by which each payout or top-up moved Stripe's balance, and when."""

    ports: Ports
    connection: str
    book: Book
    left: Mapping[str, tuple[str, int]]
    lines: dict[str, BankLine]
    top_ups: frozenset[str]
    done: Matched

    def match(self, expected: Mapping[str, ExpectedDeposit]) -> None:
        """Match what is expected, and keep what was found."""
        found = match_deposits(list(expected.values()), list(self.lines.values()))
        self.done.open += [one.id for one in found.open_payouts]
        together: list[DepositMatch | DepositBreak] = [*found.matches, *found.breaks]
        for one in together:
            if isinstance(one, DepositBreak) and one.kind == "currency":
                self.done.open += one.payouts
            else:
                self._keep(one, expected)

    def match_pairs(self, returned: Mapping[str, PayoutRow]) -> None:
        """Payouts that had failed before they were first seen: in the bank both ways, or not at all."""
        expected = {one.payout: one for row in returned.values() for one in _both_ways(row.payout, self.book)}
        found = match_deposits(list(expected.values()), list(self.lines.values()))
        matched = {name: one for one in found.matches if len(one.payouts) == 1 for name in one.payouts}
        for name in returned:
            if name in matched and f"{name}{RETURN}" in matched:
                self._keep(matched[name], expected)
                self._keep(matched[f"{name}{RETURN}"], expected)

    def match_rests(self, sent: Iterable[Payout], seen: Mapping[str, int]) -> None:
        """What was short yesterday may be whole today: lines that carry the trace of a payout are its rest."""
        by_trace: dict[str, list[BankLine]] = {}
        for line in self.lines.values():
            by_trace.setdefault(line.trace.lstrip("0"), []).append(line)
        for payout in sent:
            rest = payout.amount - seen.get(payout.id, payout.amount)
            lines = by_trace.get(payout.trace.lstrip("0"), []) if payout.trace else []
            if rest and lines:
                there = _both_ways(payout, self.book)[0]
                expected = {f"{payout.id}{REST}": replace(there, payout=f"{payout.id}{REST}", amount=rest)}
                found = match_deposits(list(expected.values()), lines)
                short = [one for one in found.breaks if one.kind != "currency"]
                together: list[DepositMatch | DepositBreak] = [*found.matches, *short]
                for one in together:
                    self._keep(one, expected)

    def _keep(self, one: DepositMatch | DepositBreak, expected: Mapping[str, ExpectedDeposit]) -> None:
        deposits = _deposits(self.connection, one, expected, self.lines)
        try:
            worth = self._worth(deposits)
        except NoRate:
            self.done.open += one.payouts  # the row by which it left Stripe waits for the same rate, and asks for it
            return
        parts = {name: [row for row in deposits if row.line == name] for name in one.lines}
        made = [_entry(self.lines[name], parts[name], worth, self.book) for name in one.lines if parts[name]]
        stands = self._stand(made)
        if stands is None:
            self.done.open += one.payouts
            return
        kept = keep_deposits(self.ports.books, self.connection, deposits, stands, ACTOR, self.ports.clock())
        for name in one.lines:
            del self.lines[name]
        for name in map(_payout, one.payouts if kept else ()):
            (self.done.top_ups if name in self.top_ups else self.done.payouts).append(name)

    def _stand(self, made: Iterable[Entry]) -> list[Entry] | None:
        """Each on a day that is open; None when one of them must wait for a person, who is asked."""
        now = self.ports.clock()
        stands = [stand_or_ask(self.ports.books, self.connection, one, self.book, now) for one in made]
        return None if None in stands else [one for one in stands if one]

    def _worth(self, deposits: Sequence[DepositRow]) -> Mapping[DepositRow, int]:
        """The value of each in the ledger's currency: what is in transit is relieved at what it stands at; raises NoRate."""
        with self.ports.books.reading() as db:
            posted = journal.by_source(db, self.connection, [self.left[one.payout][0] for one in deposits])
        entries = {kept.entry.source: kept.entry for kept in posted}
        worth = {}
        for one in deposits:
            row, at = self.left[one.payout]
            rates = self.book.as_for(entries.get(row)).rates
            worth[one] = rates.value(one.amount, self.lines[one.line].currency, day_of(at, self.book.zone))
        return worth


def _expected(rows: Iterable[PayoutRow], kept: Sequence[DepositRow], book: Book) -> Iterable[ExpectedDeposit]:
    """What the bank has still to show: payouts on their way, and those that failed after the bank had them."""
    received = _received(kept)
    for row in rows:
        payout, has = row.payout, received.get(row.payout.id)
        if payout.returned and has:
            day = payout.arrival_day or day_of(payout.created, book.zone)
            yield ExpectedDeposit(f"{payout.id}{RETURN}", -has, payout.currency, day, "", payout.descriptor)
        elif not payout.returned and has is None:
            yield _both_ways(payout, book)[0]


def _expected_top_ups(
    rows: Iterable[BalanceChange], kept: Sequence[DepositRow], book: Book
) -> Iterable[ExpectedDeposit]:
    """Money that was moved from the bank to Stripe, or back: the bank shows it the other way round (C2 #27)."""
    matched = {one.payout for one in kept}
    for row in rows:
        if row.id not in matched:
            yield ExpectedDeposit(row.id, -row.amount, row.currency, day_of(row.created, book.zone))


def _both_ways(payout: Payout, book: Book) -> tuple[ExpectedDeposit, ExpectedDeposit]:
    day = payout.arrival_day or day_of(payout.created, book.zone)
    there = ExpectedDeposit(payout.id, payout.amount, payout.currency, day, payout.trace, payout.descriptor)
    return there, replace(there, payout=f"{payout.id}{RETURN}", amount=-payout.amount, trace="")


def _received(kept: Iterable[DepositRow]) -> dict[str, int]:
    """What the bank has shown for each payout."""
    received: dict[str, int] = {}
    for one in kept:
        received[one.payout] = received.get(one.payout, 0) + one.amount
    return received


def _deposits(
    connection: str,
    found: DepositMatch | DepositBreak,
    expected: Mapping[str, ExpectedDeposit],
    lines: Mapping[str, BankLine],
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
    return name.removesuffix(RETURN).removesuffix(REST)


def _entry(line: BankLine, parts: Sequence[DepositRow], worth: Mapping[DepositRow, int], book: Book) -> Entry:
    """The bank's day dates it (C4)."""
    legs = tuple(pair(f"bank{place}", BANK, TRANSIT, part.amount, worth[part]) for place, part in enumerate(parts, 1))
    return Entry(
        source=f"bank:{line.id}",
        kind="bank",
        day=line.day,
        booked=line.day,
        currency=line.currency,
        ledger_currency=book.policy.ledger_currency,
        legs=legs,
        subject=parts[0].payout,
        memo=f"Bank {line.account}: {', '.join(part.payout for part in parts)}",
        labels=(("category", "bank"),),
    )
