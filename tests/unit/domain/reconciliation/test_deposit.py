"""The bank leg: which bank line is which payout, in order of trust and without tolerance (accounting C3, I5)."""

from __future__ import annotations

import pytest

from tieout.domain.reconciliation.bank_days import bank_day
from tieout.domain.reconciliation.deposit import (
    BankLine,
    DepositBreak,
    DepositMatch,
    DepositMatches,
    ExpectedDeposit,
    Open,
    match_deposits,
)

TUESDAY = "2026-11-03"
TRACE = "091000019876543"


def sent(payout: str, amount: int, day: str = TUESDAY, currency: str = "usd", **more: str) -> ExpectedDeposit:
    return ExpectedDeposit(payout, amount, currency, day, **more)


def booked(
    name: str, amount: int, day: str = TUESDAY, words: str = "", trace: str = "", currency: str = "usd"
) -> BankLine:
    return BankLine(name, "acct", day, amount, currency, trace, words)


def only_match(found: DepositMatches) -> DepositMatch:
    assert not found.breaks and not found.open_payouts and not found.open_lines, found
    (match,) = found.matches
    return match


def test_weekends_are_no_bank_days() -> None:
    friday, saturday, sunday, monday = (bank_day(f"2026-11-0{day}") for day in (6, 7, 8, 9))
    assert (saturday - friday, sunday - friday, monday - friday) == (1, 1, 1)
    assert bank_day("2026-11-16") - monday == 5
    with pytest.raises(ValueError, match="31-11-2026"):
        bank_day("31-11-2026")


def test_a_trace_and_the_amount_prove_a_deposit_however_late_and_however_written() -> None:
    late = booked("l1", 142_290, "2026-11-30", trace=" 0910-0001-9876543 ")
    assert only_match(match_deposits([sent("po_1", 142_290, trace=TRACE)], [late])) == DepositMatch(
        ("po_1",), ("l1",), 142_290, "usd", "trace"
    )


def test_a_trace_wins_over_a_nearer_line_of_the_same_amount() -> None:
    found = match_deposits(
        [sent("po_1", 500, trace=TRACE)], [booked("near", 500), booked("late", 500, "2026-11-10", trace=TRACE)]
    )
    assert found.matches[0].lines == ("late",)
    assert found.open_lines == (Open("near", "nothing_fits"),)


def test_the_payout_or_its_trace_among_the_banks_words_is_a_reference_too() -> None:
    lines = [
        booked("l1", 500, "2026-11-20", "STRIPE TRANSFER PO_1ABC"),
        booked("l2", 700, "2026-11-20", f"ACH {TRACE} X"),
    ]
    found = match_deposits([sent("po_1abc", 500), sent("po_2", 700, trace=TRACE)], lines)
    assert [(match.payouts, match.lines, match.by) for match in found.matches] == [
        (("po_1abc",), ("l1",), "named"),
        (("po_2",), ("l2",), "named"),
    ]


@pytest.mark.parametrize(("amount", "kind", "difference"), [(9_999, "short", -1), (10_001, "over", 1)])
def test_a_cent_off_is_a_break_with_both_ids(amount: int, kind: str, difference: int) -> None:
    found = match_deposits([sent("po_1", 10_000, trace=TRACE)], [booked("l1", amount, trace=TRACE)])
    assert found == DepositMatches((), (DepositBreak(kind, ("po_1",), ("l1",), difference, "usd"),), (), ())  # type: ignore[arg-type]


def test_a_deposit_booked_twice_is_over_by_one_of_them() -> None:
    twice = [booked("l1", 10_000, trace=TRACE), booked("l2", 10_000, trace=TRACE)]
    found = match_deposits([sent("po_1", 10_000, trace=TRACE)], twice)
    assert found.breaks == (DepositBreak("over", ("po_1",), ("l1", "l2"), 10_000, "usd"),)


def test_another_currency_under_the_same_trace_is_a_break_of_its_own() -> None:
    found = match_deposits([sent("po_1", 500, trace=TRACE)], [booked("l1", 500, trace=TRACE, currency="eur")])
    assert found.breaks == (DepositBreak("currency", ("po_1",), ("l1",), 0, "usd"),)


def test_money_that_came_back_is_not_taken_for_the_deposit() -> None:
    lines = [booked("in", 500, trace=TRACE), booked("back", -500, "2026-11-05", trace=TRACE)]
    found = match_deposits([sent("po_1", 500, trace=TRACE)], lines)
    assert found.matches[0].lines == ("in",)
    assert found.open_lines == (Open("back", "nothing_fits"),)


def test_a_reference_shared_crosswise_is_left_to_a_person() -> None:
    payouts = [sent("po_1", 500, trace=TRACE), sent("po_2", 500, trace=TRACE)]
    found = match_deposits(payouts, [booked("l1", 500, trace=TRACE), booked("l2", 500, trace=TRACE)])
    assert found.open_payouts == (Open("po_1", "reference_is_shared"), Open("po_2", "reference_is_shared"))
    assert found.open_lines == (Open("l1", "reference_is_shared"), Open("l2", "reference_is_shared"))


@pytest.mark.parametrize(("day", "matched"), [("2026-11-06", True), ("2026-10-29", True), ("2026-11-09", False)])
def test_amount_and_day_match_within_three_bank_days(day: str, matched: bool) -> None:
    found = match_deposits([sent("po_1", 500)], [booked("l1", 500, day)])
    assert [match.by for match in found.matches] == (["day"] if matched else [])


def test_a_weekend_between_costs_no_bank_days() -> None:
    assert only_match(match_deposits([sent("po_1", 500, "2026-11-05")], [booked("l1", 500, "2026-11-10")])).by == "day"


def test_two_that_could_be_the_one_stay_open_until_the_banks_words_decide() -> None:
    silent = [booked("l1", 500), booked("l2", 500, "2026-11-04")]
    found = match_deposits([sent("po_1", 500)], silent)
    assert found.open_payouts == (Open("po_1", "several_fit"),)
    assert {each.reason for each in found.open_lines} == {"several_fit"}
    telling = [booked("l1", 500), booked("l2", 500, "2026-11-04", "Stripe   transfer ST-AB")]
    assert match_deposits([sent("po_1", 500)], telling).matches[0] == DepositMatch(
        ("po_1",), ("l2",), 500, "usd", "descriptor"
    )


def test_what_is_settled_leaves_the_rest_alone_with_each_other() -> None:
    payouts = [sent("po_1", 500, descriptor="ACME SHOP"), sent("po_2", 500, descriptor="ACME WHOLESALE")]
    lines = [booked("l1", 500, words="acme shop payout"), booked("l2", 500, words="transfer")]
    found = match_deposits(payouts, lines)
    assert [(match.payouts, match.lines, match.by) for match in found.matches] == [
        (("po_1",), ("l1",), "descriptor"),
        (("po_2",), ("l2",), "day"),
    ]


def test_a_negative_payout_is_a_withdrawal() -> None:
    lines = [booked("in", 4_200), booked("out", -4_200)]
    found = match_deposits([sent("po_1", -4_200)], lines)
    assert found.matches == (DepositMatch(("po_1",), ("out",), -4_200, "usd", "day"),)


def test_one_line_may_be_several_payouts_of_a_day_and_a_negative_one_counts() -> None:
    payouts = [sent("po_1", 1_000), sent("po_2", 2_500), sent("po_3", -300)]
    match = only_match(match_deposits(payouts, [booked("l1", 3_200, "2026-11-04", "STRIPE")]))
    assert match == DepositMatch(("po_1", "po_2", "po_3"), ("l1",), 3_200, "usd", "sum")


def test_a_sum_is_not_believed_of_a_line_that_does_not_say_stripe() -> None:
    found = match_deposits([sent("po_1", 1_000), sent("po_2", 2_500)], [booked("l1", 3_500, words="RENT")])
    assert not found.matches


def test_payouts_of_two_days_are_not_summed() -> None:
    payouts = [sent("po_1", 1_000), sent("po_2", 2_500, "2026-11-04")]
    assert not match_deposits(payouts, [booked("l1", 3_500, words="STRIPE")]).matches


def test_two_ways_to_the_same_sum_stay_open() -> None:
    payouts = [sent("po_1", 100), sent("po_2", 400), sent("po_3", 200), sent("po_4", 300)]
    found = match_deposits(payouts, [booked("l1", 500, words="STRIPE")])
    assert not found.matches
    assert {each.reason for each in (*found.open_payouts, *found.open_lines)} == {"several_fit"}


def test_several_lines_may_be_one_payout() -> None:
    lines = [booked("l1", 999_900, words="STRIPE 1/2"), booked("l2", 100, words="STRIPE 2/2"), booked("l3", 7)]
    found = match_deposits([sent("po_1", 1_000_000)], lines)
    assert found.matches == (DepositMatch(("po_1",), ("l1", "l2"), 1_000_000, "usd", "sum"),)
    assert found.open_lines == (Open("l3", "nothing_fits"),)


def test_a_crowd_of_one_day_is_only_tried_as_a_whole() -> None:
    crowd = [sent(f"po_{number:02}", 1_000 + number) for number in range(20)]
    whole = booked("l1", sum(each.amount for each in crowd), words="STRIPE")
    assert len(only_match(match_deposits(crowd, [whole])).payouts) == 20
    assert not match_deposits(crowd, [booked("l1", 2_001, words="STRIPE")]).matches


def test_a_line_read_again_from_another_file_counts_once() -> None:
    again = BankLine("l1", "acct", TUESDAY, 500, "usd", "", "", raw_position=9)
    assert only_match(match_deposits([sent("po_1", 500)], [booked("l1", 500), again])).by == "day"


def test_one_id_for_two_different_payouts_is_told() -> None:
    with pytest.raises(ValueError, match="'po_1' stands for two different things"):
        match_deposits([sent("po_1", 500), sent("po_1", 501)], [])


def test_ten_thousand_equal_amounts_take_no_longer_than_others() -> None:
    payouts = [sent(f"po_{number:05}", 500) for number in range(10_000)]
    found = match_deposits(payouts, [booked(f"l{number:05}", 500) for number in range(10_000)])
    assert {each.reason for each in (*found.open_payouts, *found.open_lines)} == {"several_fit"}
