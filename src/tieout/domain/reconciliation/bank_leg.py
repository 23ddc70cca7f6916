"""The words of the bank leg: what Stripe sent, what the bank booked, and how the two compare (accounting C3, I5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Way = Literal["trace", "named", "day", "descriptor", "sum"]
BreakKind = Literal["short", "over", "currency"]
Reason = Literal["nothing_fits", "several_fit", "reference_is_shared"]


@dataclass(frozen=True, slots=True)
class ExpectedDeposit:
    """A payout on its way to the bank.

    ``amount`` in minor units of ``currency`` (lower ISO), negative where Stripe debits the bank; ``arrival_day`` as
    ``YYYY-MM-DD``; ``trace`` is Stripe's trace id, empty while there is none; ``descriptor`` is what the bank shows,
    empty for Stripe's own name; ``sender`` is the Stripe account it comes from: one transfer is of one account.
    """

    payout: str
    amount: int
    currency: str
    arrival_day: str
    trace: str = ""
    descriptor: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class BankLine:
    """A booked line of a bank statement.

    ``id`` is the same whenever the same line is read again; ``day`` is the booking day (``YYYY-MM-DD``); ``amount`` in
    minor units of ``currency`` (lower ISO), positive for money in; ``trace`` the bank's reference, or empty;
    ``descriptor`` its words; ``raw_position`` the row or entry of the file, counted from 1.
    """

    id: str
    account: str
    day: str
    amount: int
    currency: str
    trace: str
    descriptor: str
    raw_position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class DepositMatch:
    """Payouts and lines that are one movement of money: the amounts of either side sum to ``amount``.

    ``by`` says how it was known: the trace id; the payout or its trace named in the bank's words; amount and day;
    amount and Stripe's descriptor; or the exact sum of several.
    """

    payouts: tuple[str, ...]
    lines: tuple[str, ...]
    amount: int
    currency: str
    by: Way


@dataclass(frozen=True, slots=True)
class DepositBreak:
    """Payouts and lines that belong together and differ: ``difference`` is bank less Stripe, in minor units.

    For the kind ``currency`` the bank booked another currency than Stripe sent, and ``difference`` is 0.
    """

    kind: BreakKind
    payouts: tuple[str, ...]
    lines: tuple[str, ...]
    difference: int
    currency: str


@dataclass(frozen=True, slots=True)
class Open:
    """A payout or a line that is still open, and why: nothing fits, several fit, or others carry its reference too."""

    id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class DepositMatches:
    """Every payout and every line once: matched, in a break, or open. Sorted, so equal input gives an equal value."""

    matches: tuple[DepositMatch, ...]
    breaks: tuple[DepositBreak, ...]
    open_payouts: tuple[Open, ...]
    open_lines: tuple[Open, ...]
