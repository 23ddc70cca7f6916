"""The bank leg: reads statements, and finds the line of each payout (M9; accounting C3 I5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tieout.connectors.bank import CsvColumns, read_statement
from tieout.domain.reconciliation.deposit import BankLine, DepositBreak, DepositMatch, ExpectedDeposit, match_deposits
from tieout.nodes._ports import Ports
from tieout.operations.keep_statement import keep_statement
from tieout.processes._deposits import Keeper
from tieout.queries.bank_leg import RETURN, Sent, payout_named, sent_by_every
from tieout.store import bank
from tieout.store.payouts import DepositRow


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
    """Match every payout and top-up that is open with the lines that are; a line that is short or over stays what it is.

    What other ledgers expect is looked at beside it: two Stripe accounts may share a bank account, and a line that could be
    either's is nobody's.
    """
    every = sent_by_every(ports.books)
    with ports.books.reading() as db:
        lines = {one.id: one for one in bank.unmatched(db)}
    own = every[connection]
    look = _Look(Keeper(ports, connection, own.book, own.left()), own, lines, Matched())
    look.match([one for sent in every.values() for one in sent.expected()])
    look.match_rests()
    look.match_pairs([one for sent in every.values() for one in sent.expected_both_ways()])
    return look.done


@dataclass(slots=True)
class _Look:
    """One look at the bank; ``lines`` are those that no payout is matched with."""

    keeper: Keeper
    own: Sent
    lines: dict[str, BankLine]
    done: Matched

    def match(self, expected: Iterable[ExpectedDeposit]) -> None:
        """Match what is expected, and keep what is this ledger's; the lines of the others are left to them."""
        known = {one.payout: one for one in expected}
        found = match_deposits(list(known.values()), list(self.lines.values()))
        self.done.open += [one.id for one in found.open_payouts if self._is_own(one.id)]
        together: list[DepositMatch | DepositBreak] = [*found.matches, *found.breaks]
        for one in together:
            if all(self._is_own(name) for name in one.payouts):
                self._keep(one, known)
            else:
                self._leave(one)

    def match_rests(self) -> None:
        """What was short yesterday may be whole today: lines that carry the trace of a payout are its rest."""
        by_trace: dict[str, list[BankLine]] = {}
        for line in self.lines.values():
            by_trace.setdefault(line.trace.lstrip("0"), []).append(line)
        for rest in self.own.expected_rests():
            found = match_deposits([rest], by_trace.get(rest.trace.lstrip("0"), []))
            together: list[DepositMatch | DepositBreak] = [*found.matches, *found.breaks]
            for one in together:
                self._keep(one, {rest.payout: rest})

    def match_pairs(self, expected: Iterable[ExpectedDeposit]) -> None:
        """Both lines of a payout that came back, or neither."""
        known = {one.payout: one for one in expected}
        found = match_deposits(list(known.values()), list(self.lines.values()))
        matched = {name: one for one in found.matches if len(one.payouts) == 1 for name in one.payouts}
        for name in known:
            if self._is_own(name) and name in matched and f"{name}{RETURN}" in matched:
                self._keep(matched[name], known)
                self._keep(matched[f"{name}{RETURN}"], known)

    def _is_own(self, name: str) -> bool:
        return payout_named(name) in self.keeper.left

    def _keep(self, one: DepositMatch | DepositBreak, expected: Mapping[str, ExpectedDeposit]) -> None:
        if isinstance(one, DepositBreak) and one.kind == "currency":
            self.done.open += one.payouts
            return
        deposits = _deposits(self.keeper.connection, one, expected, self.lines)
        if self.keeper.keep(deposits, self.lines):
            self.done.open += one.payouts
            return
        self._leave(one)
        top_ups = {change.id for change in self.own.top_ups}
        for name in map(payout_named, one.payouts):
            (self.done.top_ups if name in top_ups else self.done.payouts).append(name)

    def _leave(self, one: DepositMatch | DepositBreak) -> None:
        for name in one.lines:
            del self.lines[name]


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
    return [DepositRow(connection, payout_named(name), line.id, amount, how, line.day) for name, line, amount in parts]
