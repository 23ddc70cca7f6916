"""The bank leg: reads statements, and finds the line of each payout (M9; accounting C3 I5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tieout.connectors.bank import CsvColumns, read_statement
from tieout.domain.ledger.entry import Entry
from tieout.domain.reconciliation.deposit import BankLine, DepositBreak, DepositMatch, ExpectedDeposit, match_deposits
from tieout.kernel.failures import Fix
from tieout.nodes._ports import Ports
from tieout.operations.book_or_ask import Booking
from tieout.operations.keep_statement import keep_statement
from tieout.processes._deposits import KIND, TAKEN, Keeper, Stand
from tieout.queries.bank_leg import RETURN, Sent, payout_named, sent_by_every
from tieout.store import bank
from tieout.store.payouts import DepositRow

Together = DepositMatch | DepositBreak


@dataclass(frozen=True, slots=True)
class Imported:
    """What a statement held: how many lines, how many of them were new, and which rows are no lines."""

    lines: int
    new: int
    asides: tuple[str, ...] = ()


@dataclass(slots=True)
class Matched:
    """What a look at the bank found: payouts whose bank leg changed, top-ups and the like that were found, what the bank
    does not show yet, and what it shows but must wait for a rate or a period."""

    payouts: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def import_statement(ports: Ports, name: str, content: bytes, columns: CsvColumns | None = None) -> Imported:
    """Read a statement and keep its lines. Failed(Fix) says what is wrong with the file."""
    statement = read_statement(name, content, columns)
    new = keep_statement(ports.books, statement.lines, statement.digest, ports.clock(), ports.who)
    return Imported(len(statement.lines), new, statement.asides)


def match_bank(ports: Ports, connection: str) -> Matched:
    """Match every payout and top-up that is open with the lines that are; a line that is short or over stays what it is.

    What other ledgers expect is looked at beside it: two Stripe accounts may share a bank account, and a line that could be
    of either, or of both, is left to a person.
    """
    every = sent_by_every(ports.books)
    with ports.books.reading() as db:
        lines = {one.id: one for one in bank.unmatched(db)}
    own = every[connection]
    booking = Booking(ports.books, connection, own.book, KIND, ports.clock())
    look = _Look(ports, own, booking, lines, Matched())
    look.match([one for sent in every.values() for one in sent.expected()])
    look.match_rests()
    look.match_pairs([one for sent in every.values() for one in sent.expected_both_ways()])
    booking.close_rest()
    return look.done


@dataclass(slots=True)
class _Look:
    """One look at the bank; ``lines`` are those that are still in play."""

    ports: Ports
    own: Sent
    booking: Booking
    lines: dict[str, BankLine]
    done: Matched

    def match(self, expected: Iterable[ExpectedDeposit]) -> None:
        """Match what is expected, and keep what is this ledger's; the lines of the others are left to them."""
        known = {one.payout: one for one in expected}
        found = match_deposits(list(known.values()), list(self.lines.values()))
        self.done.open += [one.id for one in found.open_payouts if self._is_own(one.id)]
        together: list[Together] = [*found.matches, *found.breaks]
        for one in together:
            if all(self._is_own(name) for name in one.payouts):
                self._keep([one], known)
            else:
                self.done.open += [name for name in one.payouts if self._is_own(name)]
                self._take_out(one.lines)

    def match_rests(self) -> None:
        """What was short yesterday may be whole today: lines that carry the trace of a payout are its rest."""
        for rest in self.own.expected_rests():
            lines = [one for one in self.lines.values() if one.trace.lstrip("0") == rest.trace.lstrip("0")]
            found = match_deposits([rest], lines)
            together: list[Together] = [*found.matches, *found.breaks]
            for one in together:
                self._keep([one], {rest.payout: rest})

    def match_pairs(self, expected: Iterable[ExpectedDeposit]) -> None:
        """Both lines of a payout that came back, or neither."""
        known = {one.payout: one for one in expected}
        found = match_deposits(list(known.values()), list(self.lines.values()))
        matched = {name: one for one in found.matches if len(one.payouts) == 1 for name in one.payouts}
        for name in known:
            if self._is_own(name) and name in matched and f"{name}{RETURN}" in matched:
                self._keep([matched[name], matched[f"{name}{RETURN}"]], known)

    def _is_own(self, name: str) -> bool:
        return payout_named(name) in self.own

    def _keep(self, together: Sequence[Together], expected: Mapping[str, ExpectedDeposit]) -> None:
        """Keep all of it, or nothing."""
        names = list(dict.fromkeys(payout_named(name) for one in together for name in one.payouts))
        if any(isinstance(one, DepositBreak) and one.kind == "currency" for one in together):
            self.done.open += names
            return
        found = [row for one in together for row in _deposits(self.own.connection, one, expected, self.lines)]
        waits = Keeper(self.ports, self.own.connection, self.own, self._stand(names)).keep(found, self.lines)
        self._take_out(row.line for row in found)
        if waits is not None and waits.code != TAKEN:  # what somebody else matched just now is looked at here too
            self.done.waiting += names
            return
        for name in names:
            (self.done.rows if name in self.own.rows else self.done.payouts).append(name)

    def _stand(self, names: Sequence[str]) -> Stand:
        def stand(entry: Entry) -> Entry | Fix:
            found = self.booking.book_or_ask(entry, names[0] if names[0] in self.own.payouts else "")
            return found or Fix("bank.period", f"The period of {entry.day} is closed.", field="day", value=entry.day)

        return stand

    def _take_out(self, lines: Iterable[str]) -> None:
        for name in lines:
            self.lines.pop(name, None)


def _deposits(
    connection: str, found: Together, expected: Mapping[str, ExpectedDeposit], lines: Mapping[str, BankLine]
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
    return [
        DepositRow(connection, payout_named(name), line.id, amount, how, line.day, back=name.endswith(RETURN))
        for name, line, amount in parts
    ]
