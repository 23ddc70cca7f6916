"""Time as something that is passed in: seconds since 1970, never read from the machine by a rule."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]


def steady(wall: Clock = time.time, ticks: Clock | None = None) -> Clock:
    """A clock that set its hands once and then only counts: steps of the machine's clock do not reach it.

    A write of unknown outcome is left alone for a while before it is looked up. Were that while cut short by a clock that
    is put forward, a write that commits late would be doubled (reliability E13). Time asleep is counted where the machine
    can tell (Linux).
    """
    counted = ticks or _since_boot
    offset = wall() - counted()
    return lambda: counted() + offset


def _since_boot() -> float:
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


def iso(seconds: float) -> str:
    """The moment in UTC to the second, as people and logs read it: 2026-09-12T08:30:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
