"""What P21's general ledger gets: the lines that no other P21 document carries, summed by account (accounting C2, C8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tieout.domain.ledger.account import INTERBRANCH
from tieout.domain.ledger.determination import AccountMap
from tieout.domain.ledger.entry import JOURNAL, Entry, Leg


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line for P21: ``value`` in minor units of the ledger's currency, ``amount`` in the entries' own; debit positive."""

    number: str
    account: str
    value: int
    amount: int


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Accounts that no rule maps to a P21 account, each with the labels of the first line that needed it."""

    needed: tuple[tuple[str, Mapping[str, str]], ...]


def journal_lines(
    entries: Iterable[Entry], accounts: AccountMap, stripe: str, branches: Mapping[str, str] | None = None
) -> tuple[JournalLine, ...] | Unmapped:
    """The lines of one journal for entries of one currency, without those that come to nothing.

    ``branches`` (P21 account → branch) makes the journal balance branch by branch. Unmapped when an account has no number.
    """
    sums: dict[tuple[str, str], list[int]] = {}
    missing: dict[str, Mapping[str, str]] = {}
    for entry in entries:
        for leg in entry.legs:
            if leg.carrier == JOURNAL:
                _add(sums, missing, accounts, entry, leg, _labels(entry, leg, stripe))
    if missing:
        return Unmapped(tuple(missing.items()))
    lines = [JournalLine(number, account, value, amount) for (number, account), (value, amount) in sums.items()]
    between = _between(lines, branches, accounts, stripe) if branches is not None else []
    if not all(line.number for line in between):
        return Unmapped(((INTERBRANCH, {"stripe": stripe}),))
    lines += between
    return tuple(
        sorted((line for line in lines if line.value or line.amount), key=lambda line: (line.number, line.account))
    )


def carried(entry: Entry, carrier: str = JOURNAL) -> bool:
    """Whether that kind of P21 record has anything of the entry to carry."""
    return any(line.amount or line.value for leg in entry.legs if leg.carrier == carrier for line in leg.lines)


def _add(
    sums: dict[tuple[str, str], list[int]],
    missing: dict[str, Mapping[str, str]],
    accounts: AccountMap,
    entry: Entry,
    leg: Leg,
    labels: Mapping[str, str],
) -> None:
    for line in leg.lines:
        number = accounts.number(line.account, labels)
        if not number:
            missing.setdefault(line.account, labels)
            continue
        total = sums.setdefault((number, line.account), [0, 0])
        total[0] += line.value
        total[1] += line.amount


def _labels(entry: Entry, leg: Leg, stripe: str) -> dict[str, str]:
    _, _, fee = leg.name.partition(":")
    return {**dict(entry.labels), "currency": entry.currency, "stripe": stripe, **({"fee": fee} if fee else {})}


def _between(
    lines: Iterable[JournalLine], branches: Mapping[str, str], accounts: AccountMap, stripe: str
) -> list[JournalLine]:
    """One line for each branch whose own lines are not balanced, on that branch's account between branches."""
    off: dict[str, list[int]] = {}
    for line in lines:
        total = off.setdefault(branches.get(line.number, ""), [0, 0])
        total[0] += line.value
        total[1] += line.amount
    return [
        JournalLine(accounts.number(INTERBRANCH, {"branch": branch, "stripe": stripe}), INTERBRANCH, -value, -amount)
        for branch, (value, amount) in sorted(off.items())
        if value or amount
    ]
