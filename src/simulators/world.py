"""The world a simulator lives in: a clock that can be virtual, and seeded dice."""

from __future__ import annotations

import random
import time
from typing import Protocol


class Clock(Protocol):
    """Where a simulator reads the time, in seconds since 1970 (UTC)."""

    def now(self) -> float:
        """Seconds since 1970."""
        ...


class WallClock:
    """The real time."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()


class VirtualClock:
    """A time that moves only when told to; it never goes back."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self._now = now

    def now(self) -> float:
        """Seconds since 1970."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        if seconds < 0:
            raise ValueError(f"time cannot go back {seconds} seconds")
        self._now += seconds


class World:
    """One seed, one clock: every simulator of a trial shares it, each with dice of its own."""

    def __init__(self, seed: int = 1, clock: Clock | None = None) -> None:
        self.seed = seed
        self.clock: Clock = clock or WallClock()

    def dice(self, name: str) -> random.Random:
        """Dice for one purpose: the same seed and name roll the same numbers."""
        return random.Random(f"{self.seed}/{name}")
