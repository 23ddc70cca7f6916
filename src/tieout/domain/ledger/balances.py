"""Trial balance and roll-forward: sums of lines, by account and currency (accounting C9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DaySum:
    """What one day moved on one account: minor units of ``currency``, their value in the ledger's, and how many lines."""

    account: str
    currency: str
    ledger_currency: str
    booked: str
    amount: int
    value: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Roll:
    """One account in one currency over a time: opening + movement = closing, in its currency and in the ledger's."""

    account: str
    currency: str
    ledger_currency: str
    opening: int
    debits: int
    credits: int
    closing: int
    opening_value: int
    closing_value: int
    lines: int


def roll_forward(days: Iterable[DaySum], begins: str = "", ends: str = "9999-12-31") -> tuple[Roll, ...]:
    """Every account from ``begins`` to ``ends`` (YYYY-MM-DD, both included); ``debits`` and ``credits`` are sums of days."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for day in days:
        if day.booked > ends:
            continue
        total = sums.setdefault((day.account, day.currency, day.ledger_currency), [0] * 7)
        if day.booked < begins:
            total[0] += day.amount
            total[4] += day.value
        else:
            total[1 if day.amount >= 0 else 2] += day.amount
            total[6] += day.lines
        total[3] += day.amount
        total[5] += day.value
    return tuple(
        Roll(account, currency, ledger, opening, debits, credits, closing, opening_value, closing_value, lines)
        for (account, currency, ledger), (opening, debits, credits, closing, opening_value, closing_value, lines)
        in sorted(sums.items())
    )  # fmt: skip


def off_balance(rolls: Iterable[Roll]) -> dict[str, int]:
    """By ledger currency, what the trial balance is off by: always nothing, or the books are broken."""
    sums: dict[str, int] = {}
    for roll in rolls:
        sums[roll.ledger_currency] = sums.get(roll.ledger_currency, 0) + roll.closing_value
    return {currency: off for currency, off in sums.items() if off}
