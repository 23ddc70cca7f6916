"""A bank statement in our words: its lines, each with an id of its own, and its balances, which must add up (accounting C3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tieout.connectors.bank._refusal import refusal
from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.canonical import fingerprint
from tieout.kernel.money import Money

LINES_MAX = 200_000
DESCRIPTOR_CHARS_MAX = 500
REFERENCE_CHARS_MAX = 140
ID_CHARS = 32

Format = Literal["csv", "ofx", "camt.053", "mt940", "bai2", "qif"]


@dataclass(frozen=True, slots=True)
class Balance:
    """What the statement says an account held, in minor units; None where it does not say."""

    account: str
    currency: str
    opening: int | None
    closing: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A file as it was read. ``digest`` is the SHA-256 of its bytes; ``lines`` are in the order of the file;
    ``asides`` tell which rows of a table are no lines, and why."""

    name: str
    format: Format
    digest: str
    lines: tuple[BankLine, ...]
    balances: tuple[Balance, ...]
    asides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """A line before it has an id. ``position`` counts rows or entries of the file from 1."""

    position: int
    account: str
    day: str
    amount: int
    currency: str
    reference: str
    words: str


def lines_of(name: str, bookings: Iterable[Booking]) -> tuple[BankLine, ...]:
    """The bookings as lines. Failed(Fix) when there are more than ``LINES_MAX``.

    The id is the fingerprint of all that the bank says, and of how often the file has said the same before: the same
    booking has the same id in every file that holds it, so a file that is read again, or overlaps, adds nothing.
    """
    said: Counter[tuple[str | int, ...]] = Counter()
    lines: list[BankLine] = []
    for each in bookings:
        if len(lines) == LINES_MAX:
            raise refusal("too_many_lines", f"{name} has more than {LINES_MAX:,} lines. Export a shorter period.")
        trace, words = _one_line(each.reference, REFERENCE_CHARS_MAX), _one_line(each.words, DESCRIPTOR_CHARS_MAX)
        content = (each.account, each.day, each.amount, each.currency, trace, words)
        said[content] += 1
        line_id = fingerprint([*content, said[content]])[:ID_CHARS]
        lines.append(BankLine(line_id, *content, raw_position=each.position))
    return tuple(lines)


def check_balance(name: str, balance: Balance, moved: int) -> None:
    """Opening and the ``moved`` minor units make closing, where a statement says both. Failed(Fix) if not."""
    if balance.opening is None or balance.closing is None or balance.opening + moved == balance.closing:
        return
    figures = (balance.opening, balance.opening + moved, balance.closing, balance.opening + moved - balance.closing)
    opening, made, closing, gap = (Money(balance.currency, minor) for minor in figures)
    sentence = (
        f"{name}: account {balance.account} opens with {opening} and its lines make {made}, but the statement closes with"
        f" {closing}; the difference is {gap}. Lines are missing or doubled: export the whole period again."
    )
    raise refusal("balance", sentence, "closing balance", str(closing))


def _one_line(text: str, chars_max: int) -> str:
    return " ".join(text.split())[:chars_max]
