"""Fiscal periods, and the day on which something stands in the books (accounting C4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its fiscal year and number, first and last day (YYYY-MM-DD), and whether it takes no more entries."""

    year: int
    number: int
    begins: str
    ends: str
    closed: bool = False

    @property
    def name(self) -> str:
        """How people call it: ``2026-11``."""
        return f"{self.year}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Booked:
    """The day something stands in the books; later than the day it happened when that period is closed."""

    day: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something can stand nowhere by itself."""

    code: str
    sentence: str


class Calendar:
    """The periods of one company, oldest first. Without any, every day is open."""

    def __init__(self, periods: Sequence[Period] = ()) -> None:
        self._periods = sorted(periods, key=lambda period: period.begins)
        self._begins = [period.begins for period in self._periods]

    def __bool__(self) -> bool:
        return bool(self._periods)

    def period_of(self, day: str) -> Period | None:
        """The period a day is in, or None."""
        at = bisect_right(self._begins, day)
        found = self._periods[at - 1] if at else None
        return found if found and day <= found.ends else None

    def name_of(self, day: str) -> str:
        """The name of the period a day is in; of its calendar month where no period has it."""
        period = self.period_of(day)
        return period.name if period else day[: len("2026-10")]

    def booked(self, day: str, policy: str) -> Booked | Refused:
        """Where something of that day stands: on it, or by ``policy`` (``reject``, ``next_open``, ``approver``)."""
        if not self._periods:
            return Booked(day)
        period = self.period_of(day)
        if period is None:
            return Refused("period.unknown", f"No fiscal period has the day {day}. Define it in P21, then post again.")
        if not period.closed:
            return Booked(day)
        later = next((one for one in self._periods if one.begins > day and not one.closed), None)
        if policy == "next_open" and later:
            return Booked(later.begins)
        return Refused("period.closed", _closed(day, period, policy))


def _closed(day: str, period: Period, policy: str) -> str:
    act = {
        "approver": "An approver must say where it belongs: open the period in P21, or post it into an open one.",
        "next_open": "There is no later open period either; open one in P21, then post again.",
    }
    return f"{day} is in period {period.name}, which is closed. " + act.get(
        policy, "Open the period in P21, or post it by hand into an open one."
    )


def late_words(day: str, booked: str) -> str:
    """What a memo says of an entry that stands later than its day; empty when it does not."""
    return f" (of {day}, whose period is closed)" if booked != day else ""


def day_of(moment: int, zone: tzinfo) -> str:
    """The day of a moment (epoch seconds) in the company's time zone."""
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).date().isoformat()


def is_day(text: str) -> bool:
    """Whether a text is a day as it is kept, YYYY-MM-DD: days are compared as texts."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
