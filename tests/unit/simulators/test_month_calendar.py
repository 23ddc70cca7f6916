"""The month that is played is a calendar month, so that a close of it covers all of it (case P10)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from simulators.trial.month_calendar import DAY, Diary, PastClock


@pytest.mark.parametrize(
    ("today", "first", "days"),
    [("2026-11-29", "2026-10-01", 31), ("2026-03-01", "2026-02-01", 28), ("2024-03-31", "2024-02-01", 29), ("2026-01-01", "2025-12-01", 31)],
)  # fmt: skip
def test_the_month_that_is_played_runs_from_its_first_day_to_its_last(today: str, first: str, days: int) -> None:
    clock = PastClock(datetime.fromisoformat(today).replace(tzinfo=UTC).timestamp())
    diary = Diary(clock)
    assert (datetime.fromtimestamp(clock.begins, UTC).isoformat()[:10], clock.days) == (first, days)
    happened: list[str] = []
    for day, hour in ((0, 13.0), (days - 1, 23.5), (days + 9, 1.0)):
        diary.on(day, hour, lambda: happened.append(datetime.fromtimestamp(clock.now(), UTC).isoformat()[:7]))
    assert diary.last == clock.begins + days * DAY - 1
    diary.play()
    assert set(happened) == {first[:7]}
