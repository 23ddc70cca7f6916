"""The balance that a CSV export carries on each row: it must lead from row to row (accounting C3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from tieout.connectors.bank._columns import CsvColumns
from tieout.connectors.bank._refusal import refusal
from tieout.connectors.bank._statement import Balance
from tieout.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Step:
    """A row: what it moved, and what the account held after it, in minor units; None where the row does not say."""

    row: int
    amount: int
    after: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """The first row whose balance is not what the rows before it make."""

    row: int
    made: int
    said: int


def walked(name: str, columns: CsvColumns, currency: str, steps: list[Step]) -> Balance:
    """The opening and closing balance, oldest row first or last. Failed(Fix) names the first row that does not follow."""
    downwards, upwards = _first_gap(steps), _first_gap(steps[::-1])
    if downwards and upwards:
        made, said = Money(currency, downwards.made), Money(currency, downwards.said)
        sentence = (
            f"{name}: row {downwards.row}, column {columns.balance}: the rows before it make {made}, but it says {said}."
            " Lines are missing, doubled or out of order: export the whole period again."
        )
        raise refusal("balance", sentence, columns.balance, str(said))
    return _ends(columns.account, currency, steps[::-1] if downwards else steps)


def _first_gap(steps: Iterable[Step]) -> Gap | None:
    held: int | None = None
    for step in steps:
        made = None if held is None else held + step.amount
        if made is not None and step.after is not None and made != step.after:
            return Gap(step.row, made, step.after)
        held = made if step.after is None else step.after
    return None


def _ends(account: str, currency: str, steps: list[Step]) -> Balance:
    moved = list(accumulate(step.amount for step in steps))
    starts = {step.after - before for step, before in zip(steps, moved, strict=True) if step.after is not None}
    opening = starts.pop() if starts else None
    return Balance(account, currency, opening, None if opening is None else opening + moved[-1])
