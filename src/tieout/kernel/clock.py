"""Time as something that is passed in: seconds since 1970, never read from the machine by a rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]


def iso(seconds: float) -> str:
    """The moment in UTC to the second, as people and logs read it: 2026-09-12T08:30:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
