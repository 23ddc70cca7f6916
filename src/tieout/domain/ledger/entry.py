"""Journal entries in double entry: one that does not balance cannot be made (accounting C2, C5).

An entry is in one currency, Stripe's for that balance, and every line has its value in the ledger's currency beside the
amount. Both columns balance, leg by leg: a leg is what one document in P21 carries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tieout.domain.ledger.account import ACCOUNTS, CLEARING

JOURNAL = "journal_entry"
RECEIPT = "cash_receipt"
REFUND_PAYMENT = "refund_payment"
CREDIT_MEMO = "credit_memo"
INVOICE = "ar_invoice"
CARRIERS = (JOURNAL, RECEIPT, REFUND_PAYMENT, CREDIT_MEMO, INVOICE)


class Unbalanced(ValueError):
    """The lines do not make an entry; the message says which sum is not zero."""


@dataclass(frozen=True, slots=True)
class Line:
    """``amount`` in minor units of the entry's currency and ``value`` in the ledger's; debit is positive."""

    account: str
    amount: int
    value: int


@dataclass(frozen=True, slots=True)
class Leg:
    """Lines that balance among themselves; ``carrier`` is the kind of P21 record that brings them into P21."""

    name: str
    lines: tuple[Line, ...]
    carrier: str = JOURNAL

    def __post_init__(self) -> None:
        if len(self.lines) < 2:
            raise Unbalanced(f"leg {self.name}: an entry has two lines at least, got {len(self.lines)}")
        if off := sum([line.amount for line in self.lines]):
            raise Unbalanced(f"leg {self.name}: the amounts are off by {off}")
        if off := sum([line.value for line in self.lines]):
            raise Unbalanced(f"leg {self.name}: the values are off by {off}")
        if self.carrier not in CARRIERS:
            raise ValueError(f"leg {self.name}: carrier {self.carrier!r} is none of {', '.join(CARRIERS)}")
        if unknown := [line.account for line in self.lines if line.account not in ACCOUNTS]:
            raise ValueError(f"leg {self.name}: there is no account {unknown[0]!r}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting. ``source`` is what it was posted for: once per source (C8).

    ``day`` is when it happened in the company's time zone, ``booked`` when it stands in the books (YYYY-MM-DD; later than
    ``day`` only when that period was closed, C4). ``subject`` is the Stripe object people know it by. ``labels`` are the
    facts that choose P21's account numbers, such as the reporting category or the branch.
    """

    source: str
    kind: str
    day: str
    booked: str
    currency: str
    ledger_currency: str
    legs: tuple[Leg, ...]
    subject: str = ""
    memo: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.legs:
            raise Unbalanced(f"entry {self.source}: it has no legs")
        if len({leg.name for leg in self.legs}) != len(self.legs):
            raise ValueError(f"entry {self.source}: two legs have one name, {', '.join(leg.name for leg in self.legs)}")
        if self.currency == self.ledger_currency and any(line.amount != line.value for line in self.lines()):
            raise Unbalanced(f"entry {self.source}: an amount in {self.currency} is its own value in that ledger")

    def lines(self) -> Iterable[Line]:
        """Every line of every leg."""
        return (line for leg in self.legs for line in leg.lines)

    def moved(self, account: str) -> int:
        """By how many minor units of its currency the entry moves an account."""
        return sum([line.amount for leg in self.legs for line in leg.lines if line.account == account])

    @property
    def cleared(self) -> int:
        """By how many minor units it moves Stripe's clearing account."""
        return self.moved(CLEARING)


def reversal(entry: Entry, number: int, booked: str, why: str) -> Entry:
    """The entry that undoes another: every line the other way round, under ``source:rev:number`` (C8)."""
    legs = tuple(replace(leg, lines=tuple(_turned(line) for line in leg.lines)) for leg in entry.legs)
    source, memo = f"{entry.source}:rev:{number}", f"Reverses {entry.source}: {why}"
    return replace(entry, source=source, kind="reversal", day=booked, booked=booked, legs=legs, memo=memo)


def _turned(line: Line) -> Line:
    return Line(line.account, -line.amount, -line.value)


def pair(name: str, debit: str, credit: str, amount: int, value: int, carrier: str = JOURNAL) -> Leg:
    """A leg of two lines: ``amount`` to one account's debit and the other's credit; negative turns it round."""
    return Leg(name, (Line(debit, amount, value), Line(credit, -amount, -value)), carrier)
