"""The time of the calendar month that ended last: a clock that begins on its first day, and a diary of what happens when."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

DAY = 86_400
QUIET_DAYS = 5  # until what left on the last day has arrived


class PastClock:
    """Begins at midnight (UTC) of a month's first day and moves only when told to; once released it shows the real time.

    ``days`` is how many that month has; it is the last one that is over at ``now`` (epoch seconds).
    """

    def __init__(self, now: float | None = None) -> None:
        today = datetime.fromtimestamp(time.time() if now is None else now, UTC).date()
        last = today.replace(day=1) - timedelta(days=1)
        self.begins = int(datetime(last.year, last.month, 1, tzinfo=UTC).timestamp())
        self.days = last.day
        self._now: float | None = float(self.begins)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() if self._now is None else self._now

    def advance_to(self, moment: float) -> None:
        """Let it become ``moment``, unless that is over or still to come."""
        if self._now is not None:
            self._now = min(max(self._now, moment), time.time())

    def release(self) -> None:
        """Show the real time from now on."""
        self._now = None


class Diary:
    """What is to happen in the month; what lies beyond its last moment happens at that moment."""

    def __init__(self, clock: PastClock) -> None:
        self.clock = clock
        self.days = clock.days
        self.last = clock.begins + clock.days * DAY - 1  # a second before the next month
        self._pages: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()

    def on(self, day: int, hour: float, act: Callable[[], object]) -> None:
        """Note what happens on a day of the month (0 is the first) at an hour (UTC)."""
        self._note(self.clock.begins + day * DAY + hour * 3600, act)

    def after(self, days: float, act: Callable[[], object]) -> None:
        """Note what happens so many days after the present moment."""
        self._note(self.clock.now() + days * DAY, act)

    def lately(self, act: Callable[[], object]) -> None:
        """Note what happens on the very last day, when the month is over and its payouts have arrived."""
        heapq.heappush(self._pages, (self.last + QUIET_DAYS * DAY, next(self._order), act))

    def _note(self, moment: float, act: Callable[[], object]) -> None:
        heapq.heappush(self._pages, (min(moment, self.last), next(self._order), act))

    def play(self) -> None:
        """Let everything happen, each at its time."""
        while self._pages:
            moment, _, act = heapq.heappop(self._pages)
            self.clock.advance_to(moment)
            act()
