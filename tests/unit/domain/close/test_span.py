"""Which days a period has, fiscal or by the calendar (accounting C4)."""

from __future__ import annotations

import pytest

from tieout.domain.close.span import before, closing_period, day_after, month
from tieout.domain.ledger.period import Period

FISCAL = [Period(2026, 9, "2026-08-30", "2026-09-26"), Period(2026, 10, "2026-09-27", "2026-10-31")]


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [("2026-10", "2026-10-01", "2026-10-31"), ("2026-12", "2026-12-01", "2026-12-31"), ("2028-02", "2028-02-01", "2028-02-29")],
)  # fmt: skip
def test_without_fiscal_periods_a_period_is_a_calendar_month(name: str, begins: str, ends: str) -> None:
    found = closing_period(name, [])
    assert (found.name, found.begins, found.ends) == (name, begins, ends)


def test_a_fiscal_period_is_what_p21_says() -> None:
    found = closing_period("2026-10", FISCAL)
    assert (found.begins, found.ends) == ("2026-09-27", "2026-10-31")
    assert before(found, FISCAL) == FISCAL[0]


def test_before_the_first_fiscal_period_comes_the_calendar_month() -> None:
    assert before(FISCAL[0], FISCAL) == month("2026-08")
    assert before(month("2026-01"), []) == month("2025-12")


@pytest.mark.parametrize("name", ["2026-13", "2026-00", "2026", "October", "2026-1", "0000-01", ""])
def test_what_is_no_month_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=repr(name)):
        closing_period(name, [])


def test_an_unknown_fiscal_period_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no fiscal period '2026-11'; P21 has 2026-09 to 2026-10"):
        closing_period("2026-11", FISCAL)


def test_the_day_after_the_last_of_a_year_is_in_the_next() -> None:
    assert day_after("2026-12-31") == "2027-01-01"
