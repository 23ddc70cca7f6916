"""The clock of the worker counts time that passes, not what the machine's clock is set to (reliability E13)."""

from __future__ import annotations

from tieout.kernel.clock import iso, steady


def test_a_step_of_the_machines_clock_is_not_felt() -> None:
    wall, ticks = [1_790_000_000.0], [50.0]
    clock = steady(lambda: wall[0], lambda: ticks[0])
    ticks[0] += 5
    wall[0] += 3600
    assert clock() == 1_790_000_005.0
    wall[0] -= 7200
    assert clock() == 1_790_000_005.0


def test_it_starts_with_the_time_of_the_day_and_goes_on() -> None:
    clock = steady()
    first = clock()
    assert first <= clock() <= first + 60


def test_moments_are_shown_in_utc_to_the_second() -> None:
    assert iso(1_790_000_000.9) == "2026-09-21T14:13:20Z"
