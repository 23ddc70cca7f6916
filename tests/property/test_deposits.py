"""The bank leg for any payouts and lines: nothing twice, nothing lost, sums kept, and the order does not matter."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.reconciliation.deposit import (
    BankLine,
    DepositBreak,
    DepositMatch,
    ExpectedDeposit,
    match_deposits,
)

days = st.integers(1, 28).map(lambda day: f"2026-11-{day:02}")
amounts = st.one_of(st.sampled_from((-300, 100, 200, 300, 400, 500)), st.integers(-(10**12), 10**12))
currencies = st.sampled_from(("usd", "eur"))
traces = st.sampled_from(("", "", "091000019", "91000019", "TRACE7"))
words = st.sampled_from(("", "STRIPE TRANSFER", "RENT", "STRIPE po_1", "ref trace7", "Acme Shop"))

payouts = st.builds(
    ExpectedDeposit, st.sampled_from([f"po_{n}" for n in range(9)]), amounts, currencies, days, traces, words
)
lines = st.builds(
    BankLine, st.sampled_from([f"l{n}" for n in range(9)]), st.just("acct"), days, amounts, currencies, traces, words
)
many_payouts = st.lists(payouts, max_size=9, unique_by=lambda each: each.payout)
many_lines = st.lists(lines, max_size=9, unique_by=lambda line: line.id)


@given(many_payouts, many_lines)
def test_every_payout_and_line_ends_in_one_place_and_sums_are_kept(
    expected: list[ExpectedDeposit], booked: list[BankLine]
) -> None:
    found = match_deposits(expected, booked)
    groups: list[DepositMatch | DepositBreak] = [*found.matches, *found.breaks]
    used = Counter([each for group in groups for each in group.payouts] + [each.id for each in found.open_payouts])
    assert used == Counter(each.payout for each in expected)
    used = Counter([each for group in groups for each in group.lines] + [each.id for each in found.open_lines])
    assert used == Counter(line.id for line in booked)
    by_payout, by_line = {each.payout: each for each in expected}, {line.id: line for line in booked}
    for match in found.matches:
        assert {by_payout[each].currency for each in match.payouts} == {match.currency}
        assert {by_line[each].currency for each in match.lines} == {match.currency}
        assert sum(by_payout[each].amount for each in match.payouts) == match.amount
        assert sum(by_line[each].amount for each in match.lines) == match.amount
    for rift in found.breaks:
        if rift.kind != "currency":
            sides = sum(by_line[each].amount for each in rift.lines), sum(by_payout[p].amount for p in rift.payouts)
            assert rift.difference == sides[0] - sides[1] != 0


@given(many_payouts, many_lines, st.randoms(use_true_random=False))
def test_the_order_given_does_not_matter(expected: list[ExpectedDeposit], booked: list[BankLine], dice: Random) -> None:
    found = match_deposits(expected, booked)
    dice.shuffle(expected)
    dice.shuffle(booked)
    assert match_deposits([*expected, *expected[:1]], booked) == found


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=30, unique=True), days)
def test_payouts_that_the_bank_booked_under_their_traces_are_all_tied_out(values: list[int], day: str) -> None:
    expected = [ExpectedDeposit(f"po_{n}", value, "usd", day, f"TRACE{n:09}") for n, value in enumerate(values)]
    booked = [BankLine(f"l{n}", "acct", "2026-12-31", v, "usd", f"TRACE{n:09}", "") for n, v in enumerate(values)]
    found = match_deposits(expected, booked)
    assert [match.by for match in found.matches] == ["trace"] * len(values)
    off = [replace(booked[0], amount=booked[0].amount + (1 if booked[0].amount >= 0 else -1)), *booked[1:]]
    (rift,) = match_deposits(expected, off).breaks
    assert (rift.payouts, abs(rift.difference)) == (("po_0",), 1)
