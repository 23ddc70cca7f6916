"""What is still open on either side of the bank leg, and what was decided (accounting C3, I5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tieout.domain.reconciliation.bank_days import bank_day
from tieout.domain.reconciliation.bank_leg import (
    BankLine,
    DepositBreak,
    DepositMatch,
    DepositMatches,
    ExpectedDeposit,
    Open,
    Reason,
    Way,
)

Payouts = tuple[ExpectedDeposit, ...]
Lines = tuple[BankLine, ...]
Pair = tuple[Payouts, Lines]
Place = tuple[str, int, int]  # currency, amount, bank day


@dataclass(slots=True)
class Pool:
    """What is still open, and what was decided on the way."""

    payouts: dict[str, ExpectedDeposit]
    lines: dict[str, BankLine]
    matches: list[DepositMatch] = field(default_factory=list)
    breaks: list[DepositBreak] = field(default_factory=list)
    held: dict[tuple[str, str], Reason] = field(default_factory=dict)
    contested: set[tuple[str, str]] = field(default_factory=set)
    contested_places: set[Place] = field(default_factory=set)

    def match(self, pair: Pair, by: Way) -> None:
        payouts, lines = self._taken(pair)
        total = sum(each.amount for each in pair[0])
        self.matches.append(DepositMatch(payouts, lines, total, pair[0][0].currency, by))

    def split(self, pair: Pair) -> None:
        """A break: these belong together and differ."""
        payouts, lines = self._taken(pair)
        sent, booked = ({each.currency for each in side} for side in pair)
        difference = sum(line.amount for line in pair[1]) - sum(each.amount for each in pair[0])
        currency = pair[0][0].currency
        if sent != booked:
            self.breaks.append(DepositBreak("currency", payouts, lines, 0, currency))
        else:
            self.breaks.append(
                DepositBreak("short" if difference < 0 else "over", payouts, lines, difference, currency)
            )

    def hold(self, pair: Pair) -> None:
        """Leave these to a person: no weaker evidence may decide what a shared reference leaves undecided."""
        payouts, lines = self._taken(pair)
        self.held |= {("payout", each): "reference_is_shared" for each in payouts}
        self.held |= {("line", each): "reference_is_shared" for each in lines}

    def take_alone(self, pairs: Iterable[Pair], by: Way) -> bool:
        """Match every pair that shares no payout and no line with another; whether there was one."""
        known = [(pair, ends(pair)) for pair in pairs]
        uses = Counter(end for _, its in known for end in its)
        alone = [pair for pair, its in known if all(uses[end] == 1 for end in its)]
        for pair, its in known:
            if any(uses[end] > 1 for end in its):
                self.contested.update(its)
                self.contested_places.update(place(line) for line in pair[1])
        for pair in alone:
            self.match(pair, by)
        return bool(alone)

    def look_again(self) -> None:
        """Forget which were contested: what was matched since may have been in their way."""
        self.contested.clear()
        self.contested_places.clear()

    def outcome(self) -> DepositMatches:
        return DepositMatches(
            tuple(sorted(self.matches, key=lambda each: (each.payouts, each.lines))),
            tuple(sorted(self.breaks, key=lambda each: (each.payouts, each.lines))),
            self._still("payout", {name for name in self.payouts if ("payout", name) in self.contested}, self.payouts),
            self._still("line", {name for name, line in self.lines.items() if self._contests(line)}, self.lines),
        )

    def _taken(self, pair: Pair) -> tuple[tuple[str, ...], tuple[str, ...]]:
        payouts = tuple(sorted(each.payout for each in pair[0]))
        lines = tuple(sorted(line.id for line in pair[1]))
        for name in payouts:
            del self.payouts[name]
        for name in lines:
            del self.lines[name]
        return payouts, lines

    def _contests(self, line: BankLine) -> bool:
        return ("line", line.id) in self.contested or place(line) in self.contested_places

    def _still(self, side: str, contested: set[str], rest: Iterable[str]) -> tuple[Open, ...]:
        reasons: dict[str, Reason] = {name: "several_fit" if name in contested else "nothing_fits" for name in rest}
        reasons |= {name: reason for (kind, name), reason in self.held.items() if kind == side}
        return tuple(Open(name, reasons[name]) for name in sorted(reasons))


def place(line: BankLine) -> Place:
    """Where candidates for a line are looked up."""
    return line.currency, line.amount, bank_day(line.day)


def ends(pair: Pair) -> list[tuple[str, str]]:
    """The payouts and lines of a pair, told apart."""
    return [*(("payout", each.payout) for each in pair[0]), *(("line", line.id) for line in pair[1])]
