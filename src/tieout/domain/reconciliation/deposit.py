"""The bank leg of a payout: which line of a bank statement is which payout, to the minor unit (accounting C3, I5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tieout.domain.reconciliation.bank_leg import (
    BankLine,
    DepositBreak,
    DepositMatch,
    DepositMatches,
    ExpectedDeposit,
    Open,
)
from tieout.domain.reconciliation.deposit_matchers import MATCHERS
from tieout.domain.reconciliation.deposit_pool import Pool
from tieout.domain.reconciliation.deposit_references import settle_references

__all__ = ["match_deposits", "BankLine", "DepositBreak", "DepositMatch", "DepositMatches", "ExpectedDeposit", "Open"]

Kind = TypeVar("Kind", ExpectedDeposit, BankLine)


def match_deposits(expected: Sequence[ExpectedDeposit], lines: Sequence[BankLine]) -> DepositMatches:
    """Match in order of trust, one to one before sums; what two could be stays open. The order given does not matter.

    There is no tolerance: a line that carries a payout's reference with another amount is a break. A payout or line
    given twice counts once; ValueError when two that differ have one id, or when a day is none.
    """
    pool = Pool(_by_id((each.payout, each) for each in expected), _by_id((line.id, line) for line in lines))
    settle_references(pool)
    while any(matcher(pool) for matcher in MATCHERS):  # what was found may leave another pair alone with each other
        pool.look_again()
    return pool.outcome()


def bank_source(line: str, taken_back: int = 0) -> str:
    """What the entry of a line is posted for: another source each time that a match of it was taken back."""
    return f"bank:{line}:{taken_back + 1}" if taken_back else f"bank:{line}"


def _by_id(pairs: Iterable[tuple[str, Kind]]) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for name, each in sorted(pairs, key=lambda pair: pair[0]):
        if found.setdefault(name, each) != each:
            raise ValueError(f"{name!r} stands for two different things: {found[name]} and {each}")
    return found
