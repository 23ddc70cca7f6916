"""On which day something stands in the books when its own period is closed (accounting C4)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tests.unit.domain.ledger.rows import NOON, row
from tieout.domain.ledger.period import Booked, Calendar, Period, Refused, day_of, is_day
from tieout.domain.ledger.policy import Policy
from tieout.domain.ledger.posting import Book, Open, Posted, post
from tieout.domain.ledger.valuing import Rates

OCTOBER = Period(2026, 10, "2026-10-01", "2026-10-31", closed=True)
NOVEMBER = Period(2026, 11, "2026-11-01", "2026-11-30", closed=True)
DECEMBER = Period(2026, 12, "2026-12-01", "2026-12-31")
CALENDAR = Calendar([DECEMBER, OCTOBER, NOVEMBER])


@pytest.mark.parametrize("policy", ["reject", "next_open", "approver"])
def test_an_open_day_stands_on_itself(policy: str) -> None:
    assert CALENDAR.booked("2026-12-31", policy) == Booked("2026-12-31")
    assert Calendar().booked("1999-01-01", policy) == Booked("1999-01-01"), "without periods every day is open"


def test_a_closed_day_stands_on_the_first_day_that_is_open_after_it() -> None:
    assert CALENDAR.booked("2026-10-31", "next_open") == Booked("2026-12-01")


@pytest.mark.parametrize(
    ("policy", "calendar", "words"),
    [
        ("reject", CALENDAR, "2026-10-31 is in period 2026-10, which is closed. Open the period in P21, or post it by hand"),
        ("approver", CALENDAR, "An approver must say where it belongs"),
        ("next_open", Calendar([OCTOBER, NOVEMBER]), "There is no later open period either"),
    ],
)  # fmt: skip
def test_a_closed_day_is_refused_with_what_to_do(policy: str, calendar: Calendar, words: str) -> None:
    refused = calendar.booked("2026-10-31", policy)
    assert isinstance(refused, Refused) and refused.code == "period.closed"
    assert words in refused.sentence


@pytest.mark.parametrize("day", ["2026-09-30", "2027-01-01"])
def test_a_day_in_no_period_is_refused(day: str) -> None:
    refused = CALENDAR.booked(day, "next_open")
    assert isinstance(refused, Refused) and refused.code == "period.unknown"
    assert CALENDAR.period_of(day) is None


def test_an_entry_keeps_its_own_day_and_says_why_it_stands_later() -> None:
    posted = post(row("t", "fee", -100, created=NOON), Book(Policy(), Rates("usd", {}), CALENDAR))
    assert isinstance(posted, Posted)
    assert (posted.entry.day, posted.entry.booked) == ("2026-11-02", "2026-12-01")
    assert posted.entry.memo.endswith("(of 2026-11-02, whose period is closed)")
    refused = post(
        row("t", "fee", -100, created=NOON), Book(Policy(closed_period="reject"), Rates("usd", {}), CALENDAR)
    )
    assert isinstance(refused, Open) and refused.sentence.startswith("−1.00 USD of t: 2026-11-02 is in period 2026-11")


def test_the_day_is_that_of_the_company_by_the_moment_the_policy_names() -> None:
    midnight = NOON - 12 * 3600  # 2026-11-02 00:00 UTC
    assert day_of(midnight, ZoneInfo("America/New_York")) == "2026-11-01"
    assert day_of(midnight, ZoneInfo("Asia/Tokyo")) == "2026-11-02"
    posted = post(
        row("t", "fee", -1, created=NOON), Book(Policy(dated_by="available_on"), Rates("usd", {}), Calendar())
    )
    assert isinstance(posted, Posted) and posted.entry.day == "2026-11-04"


def test_a_day_has_one_spelling() -> None:
    assert [is_day(one) for one in ("2026-11-02", "20261102", "2026-W45-1", "2026-11-31", "")] == [True] + [False] * 4
