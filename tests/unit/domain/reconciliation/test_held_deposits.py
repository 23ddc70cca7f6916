"""Deposits in the other direction, and one bank day too far: each of these fails when its rule is broken."""

from __future__ import annotations

import pytest

from tieout.domain.reconciliation.bank_leg import BankLine, ExpectedDeposit
from tieout.domain.reconciliation.deposit import match_deposits

MONDAY = "2026-11-02"


def payout(amount: int, day: str = MONDAY, name: str = "po_1", descriptor: str = "") -> ExpectedDeposit:
    return ExpectedDeposit(name, amount, "usd", day, descriptor=descriptor)


def line(amount: int, day: str = MONDAY, name: str = "b1", text: str = "") -> BankLine:
    return BankLine(name, "operating", day, amount, "usd", "", text)


def ways(expected: list[ExpectedDeposit], lines: list[BankLine]) -> list[str]:
    return [one.by for one in match_deposits(expected, lines).matches]


@pytest.mark.parametrize(("paid", "shown"), [(5_000, -5_000), (-5_000, 5_000)])
def test_money_in_the_other_direction_is_another_thing(paid: int, shown: int) -> None:
    assert ways([payout(paid)], [line(shown, text="STRIPE")]) == []


@pytest.mark.parametrize(
    ("day", "text", "found"),
    [
        ("2026-11-05", "", ["day"]), ("2026-11-06", "", []), ("2026-10-28", "", ["day"]), ("2026-10-27", "", []),
        ("2026-11-16", "STRIPE", ["descriptor"]), ("2026-11-17", "STRIPE", []), ("2026-11-16", "OTHER", []),
    ],
)  # fmt: skip
def test_amount_and_day_count_for_three_bank_days_and_stripes_words_for_ten(
    day: str, text: str, found: list[str]
) -> None:
    assert ways([payout(5_000)], [line(5_000, day, text=text)]) == found


def test_a_weekend_is_no_bank_day() -> None:
    friday, wednesday, thursday = "2026-11-06", "2026-11-11", "2026-11-12"
    assert ways([payout(5_000, friday)], [line(5_000, wednesday)]) == ["day"]
    assert ways([payout(5_000, friday)], [line(5_000, thursday)]) == []


def test_parts_of_both_directions_are_no_sum() -> None:
    parts = [line(7_000, name="b1", text="STRIPE"), line(-2_000, name="b2", text="STRIPE")]
    assert ways([payout(5_000)], parts) == []
    assert ways([payout(5_000)], [line(3_000, name="b1", text="STRIPE"), line(2_000, name="b2", text="STRIPE")]) == [
        "sum"
    ]


@pytest.mark.parametrize(("day", "found"), [("2026-11-05", ["sum"]), ("2026-11-06", [])])
def test_a_sum_counts_for_three_bank_days(day: str, found: list[str]) -> None:
    many = [payout(3_000, name="po_1"), payout(2_000, name="po_2")]
    assert ways(many, [line(5_000, day, text="STRIPE")]) == found
