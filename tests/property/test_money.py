"""Money for every amount and currency: nothing is lost on the way to major units and back, nor when it is shared out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tieout.kernel.money import CURRENCIES, Money, share_out

amounts = st.integers(-(10**15), 10**15)


@given(amounts, st.sampled_from(sorted(CURRENCIES)))
def test_to_major_units_and_back_is_the_same_money(minor: int, currency: str) -> None:
    assert Money.of_decimal(Money(currency, minor).decimal(), currency) == Money(currency, minor)


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(lambda w: sum(w) > 0))
def test_shares_sum_to_the_whole_and_are_fair_to_one_unit(total: int, weights: list[int]) -> None:
    parts = share_out(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
