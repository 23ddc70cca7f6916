"""Rows of a bank's table that are no lines: words, balances, totals, what is only pending; told by rule (cases B9, P8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Aside = Literal["", "words", "balance", "total", "pending"]

NOTHING = ("", "-", "–")
DATE_LIKE = re.compile(r"\s*(?:[0-9]{1,4}[-/. '][ ]?[0-9]{1,2}[-/. '][ ]?[0-9]{1,4}|[0-9]{8})(?=$|[\sT])")
BALANCE = re.compile(
    r"(?:opening|beginning|starting|closing|ending|previous|current|available|new|old)\s+(?:ledger\s+|statement\s+|account\s+)?"
    r"balance\b|balance\s+(?:brought|carried)\s+forward|balance\s+(?:as\s+of|at|on)\b|(?:anfangs|end|schluss)?saldo\b"
    r"|(?:alter|neuer)\s+(?:konto)?(?:saldo|stand)|kontostand\b|(?:begin|eind)saldo\b|(?:ancien|nouveau)\s+solde|solde\b",
    re.IGNORECASE,
)
TOTAL = re.compile(r"(?:grand\s+|sub-?)?totals?\b|summen?\b|gesamt|totaal\b|totale\b|somme\b", re.IGNORECASE)
PENDING = frozenset("pending processing unposted vorgemerkt gereserveerd pendiente".split())


def is_nothing(cell: str) -> bool:
    """Whether a cell holds no amount."""
    return cell.strip() in NOTHING


def is_date_like(cell: str) -> bool:
    """Whether a cell is written as a day is, in whatever order; what is not is never taken for one."""
    return DATE_LIKE.match(cell) is not None


def aside_of(day: str, amounts: Sequence[str], cells: Sequence[str]) -> Aside:
    """What a row is when it is no line, else an empty text.

    A row with a day and an amount is a line, unless its words say nothing but that it is a balance. A row without a day is
    left out only where it has no amount either, or says itself that it is a total or a balance.
    """
    has_amount = not all(map(is_nothing, amounts))
    if is_date_like(day):
        tells = any(_is_only(BALANCE, cell) if has_amount else BALANCE.match(cell.strip()) for cell in cells)
        return "balance" if tells else ""
    if day.strip().casefold() in PENDING:
        return "pending"
    for pattern, kind in ((TOTAL, "total"), (BALANCE, "balance")):
        if any(pattern.match(cell.strip()) for cell in cells):
            return kind  # type: ignore[return-value]
    return "" if has_amount else "words"


def _is_only(pattern: re.Pattern[str], cell: str) -> bool:
    """Whether a cell is the word, perhaps with a day: ``Opening balance as of 11/01/2026`` is, ``Saldo for rent`` is not."""
    found = pattern.match(cell.strip())
    rest = cell.strip()[found.end() :] if found else "x"
    return (
        re.fullmatch(r"[\s:]*(?:as of|at|on|per|am|vom|zum|op|au)?[\s:]*(?:[0-9][0-9./' -]*)?", rest, re.IGNORECASE)
        is not None
    )
