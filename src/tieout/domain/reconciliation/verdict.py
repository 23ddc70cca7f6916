"""Whether a payout ties out: payout = its lines = the movement of clearing = the bank (accounting C3 I2, I4, I5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.reconciliation.match import DRIFT, MISSING, Break
from tieout.domain.reconciliation.statement import Payout
from tieout.kernel.money import Money

NOT_BOOKED = "the bank shows it, but its period is closed; see the open exceptions"
WAITING, TIED_OUT, BROKEN, ACCEPTED = "waiting", "tied_out", "broken", "accepted"


@dataclass(slots=True)
class Lines:
    """The sums over the lines of a payout, added up one by one so that its length does not matter."""

    payout: Payout
    count: int = 0
    gross: int = 0
    fees: int = 0
    net: int = 0
    cleared: int = 0
    other_currency: list[str] = field(default_factory=list)

    def add(self, line: BalanceChange, cleared: int) -> None:
        """Count a line, unless it is the payout's own; ``cleared`` is what its entry moves on clearing."""
        if line.id == self.payout.own_row or line.source == self.payout.id:
            return
        if line.currency != self.payout.currency:
            self.other_currency.append(line.id)
            return
        self.count += 1
        self.gross += line.amount
        self.fees += line.fee
        self.net += line.net
        self.cleared += cleared


@dataclass(frozen=True, slots=True)
class Received:
    """What the bank has for a payout, with what a person settled: minor units. ``back`` says whether it has gone back."""

    amount: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at a payout said: ``state`` is waiting, tied_out, broken, or accepted (a person did so with every break).

    ``why`` says what it waits for.
    """

    state: str
    breaks: tuple[Break, ...] = ()
    why: str = ""


def line_breaks(lines: Lines) -> Iterable[Break]:
    """Identity I2, and the half of I4 that the lines can show; only for an automatic payout that is complete."""
    payout = lines.payout
    for stray in lines.other_currency:
        words = f"{stray} in {payout.id} is not in {payout.currency.upper()}."
        yield Break(DRIFT, "payout.currency", stray, 0, payout.currency, words, ours=stray, theirs=payout.id)
    if lines.net != payout.amount:
        words = (
            f"{payout.id} pays {_money(payout, payout.amount)}, but its {lines.count} lines come to "
            f"{_money(payout, lines.net)}. Ask Stripe which of the two is right."
        )
        yield Break(
            DRIFT, "payout.lines", payout.id, payout.amount - lines.net, payout.currency, words, theirs=payout.id
        )
    if lines.cleared != lines.net:
        words = (
            f"The lines of {payout.id} come to {_money(payout, lines.net)}, but their entries move clearing by "
            f"{_money(payout, lines.cleared)}. What has no entry, or a wrong one, is listed beside this."
        )
        yield Break(
            DRIFT, "payout.cleared", payout.id, lines.net - lines.cleared, payout.currency, words, theirs=payout.id
        )


def own_breaks(payout: Payout, own: Mapping[str, BalanceChange]) -> Iterable[Break]:
    """The payout's own rows: it leaves the balance by its amount, and comes back by it when it fails (C2 #22, #24)."""
    wanted = [(payout.own_row, -payout.amount)] + ([(payout.return_row, payout.amount)] if payout.returned else [])
    for row_id, amount in wanted:
        if not row_id:
            continue
        row = own.get(row_id)
        if row is None:
            words = f"{payout.id} names its row {row_id}, which is not kept. It is read again."
            yield Break(MISSING, "payout.row", payout.id, amount, payout.currency, words, theirs=row_id)
        elif (row.amount, row.currency) != (amount, payout.currency):
            words = (
                f"{payout.id} is {_money(payout, -amount)}, but its row {row_id} is {Money(row.currency, row.amount)}."
            )
            apart = amount - row.amount
            yield Break(DRIFT, "payout.row", payout.id, apart, payout.currency, words, ours=row_id, theirs=payout.id)


def verdict(payout: Payout, breaks: Iterable[Break], received: Received | None) -> Verdict:
    """The verdict; ``received`` is None when no statement tells of the payout yet."""
    found = tuple(breaks)
    if received is not None and not payout.returned and received.amount != payout.amount:
        found = (*found, _short(payout, received.amount))
    if received is not None and payout.returned and received.back and received.amount:
        found = (*found, _left_behind(payout, received.amount))
    if found:
        return Verdict(BROKEN, found)
    if payout.automatic and not payout.complete and not payout.returned:
        return Verdict(WAITING, why="Stripe has not finished the list of its lines")
    if payout.returned:
        if received is not None and received.amount:
            return Verdict(WAITING, why="it failed after the bank had it; the bank must show that it went back")
        return Verdict(TIED_OUT, why=f"{payout.status}: the money is back in Stripe")
    if received is None:
        return Verdict(WAITING, why="no bank statement shows it yet")
    return Verdict(TIED_OUT)


def _short(payout: Payout, deposited: int) -> Break:
    words = (
        f"The bank received {_money(payout, deposited)} for {payout.id} instead of {_money(payout, payout.amount)}. "
        "Ask the bank for its fee or for what is missing, then post the difference."
    )
    apart = payout.amount - deposited
    return Break(DRIFT, "bank.amount", payout.id, apart, payout.currency, words, theirs=payout.id)


def _left_behind(payout: Payout, left: int) -> Break:
    words = (
        f"{payout.id} failed and went back, but what the bank showed and what was settled by hand come to "
        f"{_money(payout, left)} instead of nothing. Find out who has it, then post the difference."
    )
    return Break(DRIFT, "bank.amount", payout.id, -left, payout.currency, words, theirs=payout.id)


def _money(payout: Payout, amount: int) -> str:
    return str(Money(payout.currency, amount))
