"""Days as a bank counts them: weekends are not days, holidays are covered by the window (accounting C3, I5)."""

from __future__ import annotations

from datetime import date

WORKDAYS = 5
WEEK_DAYS = 7


def bank_day(day: str) -> int:
    """The number of a ``YYYY-MM-DD`` day among Mondays to Fridays; Saturday and Sunday count as the Monday after.

    Two days are as many bank days apart as their numbers. ValueError for a text that is no day.
    """
    weeks, weekday = divmod(date.fromisoformat(day).toordinal() - 1, WEEK_DAYS)  # 1 January of year 1 was a Monday
    return weeks * WORKDAYS + min(weekday, WORKDAYS)
