"""Ages of what is open: exceptions by days since what they are about happened, receivables by days past due (accounting C9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tieout.domain.close.span import days_between

OPEN_AGES = ("0–1 days", "2–7 days", "8–30 days", "over 30 days")
DUE_AGES = ("not due", "1–30 days", "31–60 days", "61–90 days", "91–120 days", "over 120 days")
DAY_SECONDS = 86_400


def open_age(opened_at: float, at: float) -> int:
    """Which of OPEN_AGES something has that happened at a moment; both in epoch seconds."""
    return age_of_days(int(max(0.0, at - opened_at) // DAY_SECONDS))


def age_of_days(days: int) -> int:
    """Which of OPEN_AGES so many whole days are."""
    return sum(days > last for last in (1, 7, 30))


def due_age(due_day: str, at_day: str) -> int:
    """Which of DUE_AGES a receivable has on a day (both YYYY-MM-DD); one without a due day is not due."""
    late = days_between(due_day, at_day) if due_day else 0
    return sum(late > last for last in (0, 30, 60, 90, 120))


@dataclass(frozen=True, slots=True)
class Receivable:
    """One open invoice, or an open credit (negative): minor units of ``currency``, days as YYYY-MM-DD."""

    number: str
    customer: str
    invoice_day: str
    due_day: str
    open: int
    currency: str


@dataclass(frozen=True, slots=True)
class AgedReceivables:
    """One currency: what is open by DUE_AGES in minor units, and how many documents.

    ``late`` are invoices past due and ``credits`` open credits (negative): neither hides the other in a sum.
    """

    currency: str
    ages: tuple[int, ...]
    count: int
    late: int = 0
    credits: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.ages)


def aged(receivables: Iterable[Receivable], at_day: str) -> tuple[AgedReceivables, ...]:
    """What is open by currency and age on a day; a document dated after that day is left out."""
    by_currency: dict[str, list[Receivable]] = {}
    for one in receivables:
        if one.invoice_day <= at_day:
            by_currency.setdefault(one.currency, []).append(one)
    return tuple(_aged(currency, found, at_day) for currency, found in sorted(by_currency.items()))


def _aged(currency: str, found: Sequence[Receivable], at_day: str) -> AgedReceivables:
    ages, late, credits = [0] * len(DUE_AGES), 0, 0
    for one in found:
        age = due_age(one.due_day, at_day)
        ages[age] += one.open
        late += max(one.open, 0) if age else 0
        credits += min(one.open, 0)
    return AgedReceivables(currency, tuple(ages), len(found), late, credits)
