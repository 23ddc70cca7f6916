"""Which days a period has, which one was before it, and how people name it: ``2026-10`` (accounting C4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from tieout.domain.ledger.period import Period

NAME = re.compile(r"([0-9]{4})-(0[1-9]|1[0-9])")


def closing_period(name: str, periods: Sequence[Period]) -> Period:
    """The fiscal period of that name, or the calendar month while no fiscal period is known; ValueError when neither is."""
    found = next((one for one in periods if one.name == name), None)
    if found is not None:
        return found
    if periods and NAME.fullmatch(name):
        raise ValueError(f"there is no fiscal period {name!r}; P21 has {periods[0].name} to {periods[-1].name}")
    return month(name)


def month(name: str) -> Period:
    """A calendar month as a period; ValueError when it is none."""
    parts = NAME.fullmatch(name)
    if parts is None or int(parts[2]) > 12 or int(parts[1]) < 1:
        raise ValueError(f"{name!r} is no period; write year and number, such as 2026-10")
    year, number = int(parts[1]), int(parts[2])
    begins = date(year, number, 1)
    ends = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
    return Period(year, number, begins.isoformat(), ends.isoformat())


def before(period: Period, periods: Sequence[Period]) -> Period:
    """The period that ended when this one began; the calendar month before it where P21 has none."""
    last = (date.fromisoformat(period.begins) - timedelta(days=1)).isoformat()
    found = next((one for one in periods if one.ends == last), None)
    return found or month(last[:7])


def day_after(day: str) -> str:
    """The next day (YYYY-MM-DD)."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def days_between(day: str, other: str) -> int:
    """How many days ``other`` is after ``day`` (YYYY-MM-DD); negative when it is before."""
    return (date.fromisoformat(other) - date.fromisoformat(day)).days
