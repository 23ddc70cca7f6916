"""Ages of what is open and of what is owed, at the edges of each age (accounting C9)."""

from __future__ import annotations

import pytest

from tieout.domain.close.ages import (
    DAY_SECONDS,
    DUE_AGES,
    OPEN_AGES,
    AgedReceivables,
    Receivable,
    aged,
    due_age,
    open_age,
)


@pytest.mark.parametrize(
    ("days", "age"),
    [(0, "0–1 days"), (1, "0–1 days"), (2, "2–7 days"), (7, "2–7 days"), (8, "8–30 days"), (30, "8–30 days"), (31, "over 30 days")],
)  # fmt: skip
def test_an_exception_ages_by_whole_days(days: int, age: str) -> None:
    assert OPEN_AGES[open_age(1_000.0, 1_000.0 + days * DAY_SECONDS)] == age
    assert OPEN_AGES[open_age(1_000.0, 1_000.0 + (days + 1) * DAY_SECONDS - 1)] == age


def test_what_was_opened_after_the_moment_is_new() -> None:
    assert open_age(2_000.0, 1_000.0) == 0


@pytest.mark.parametrize(
    ("due", "age"),
    [
        ("2026-10-31", "not due"), ("2026-11-15", "not due"), ("", "not due"), ("2026-10-30", "1–30 days"),
        ("2026-10-01", "1–30 days"), ("2026-09-30", "31–60 days"), ("2026-09-01", "31–60 days"),
        ("2026-08-31", "61–90 days"), ("2026-08-02", "61–90 days"), ("2026-08-01", "91–120 days"),
        ("2026-07-03", "91–120 days"), ("2026-07-02", "over 120 days"),
    ],
)  # fmt: skip
def test_a_receivable_ages_by_days_past_due(due: str, age: str) -> None:
    assert DUE_AGES[due_age(due, "2026-10-31")] == age


def test_receivables_are_summed_by_currency_and_those_of_later_days_left_out() -> None:
    found = aged(
        [
            Receivable("1", "C", "2026-10-01", "2026-10-31", 500, "usd"),
            Receivable("2", "C", "2026-08-01", "2026-09-30", 700, "usd"),
            Receivable("3", "C", "2026-08-01", "2026-09-30", -100, "usd"),
            Receivable("4", "C", "2026-10-02", "2026-10-09", 9_000, "jpy"),
            Receivable("5", "C", "2026-11-01", "2026-11-01", 1, "usd"),
        ],
        "2026-10-31",
    )
    assert found == (
        AgedReceivables("jpy", (0, 9_000, 0, 0, 0, 0), 1, 9_000, 0),
        AgedReceivables("usd", (500, 0, 600, 0, 0, 0), 3, 700, -100),
    )
    assert [one.total for one in found] == [9_000, 1_100]
