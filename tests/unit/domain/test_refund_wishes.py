"""Two wishes about one line of a refund are one wish, and never more than was sold of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tieout.domain.refunding import Part, Sold, Wish, split
from tieout.kernel.failures import Failed

LINE = Sold(6_000, 600, Decimal(3))
OTHER = Sold(4_000, 400, Decimal(1))


def test_two_amounts_of_one_line_are_taken_together() -> None:
    assert split([LINE, OTHER], [], 3_000, [Wish(0, gross=1_000), Wish(0, gross=2_000)]) == (Part(0, 3_000, 300),)


def test_two_counts_of_one_line_are_taken_together() -> None:
    wishes = [Wish(0, quantity=Decimal(1)), Wish(0, quantity=Decimal(1))]
    assert split([LINE, OTHER], [], 4_000, wishes) == (Part(0, 4_000, 400, Decimal(2)),)


def test_taxes_that_are_told_of_one_line_are_added() -> None:
    wishes = [Wish(0, gross=1_000, tax=90), Wish(0, gross=2_000, tax=180)]
    assert split([LINE, OTHER], [], 3_000, wishes) == (Part(0, 3_000, 270),)


def test_a_tax_that_is_told_of_half_of_it_counts_for_nothing() -> None:
    wishes = [Wish(0, gross=1_000, tax=90), Wish(0, gross=2_000)]
    assert split([LINE, OTHER], [], 3_000, wishes) == (Part(0, 3_000, 300),)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ([Wish(0, quantity=Decimal(2)), Wish(0, quantity=Decimal(2))], "4 come back of a line of which 3 were sold"),
        ([Wish(0, gross=4_000), Wish(0, gross=3_000)], "line 1 has 6000 minor units left to refund, not 7000"),
    ],
)
def test_more_of_one_line_than_was_sold_is_refused_however_it_is_said(wishes: list[Wish], words: str) -> None:
    with pytest.raises(Failed, match=words):
        split([LINE, OTHER], [], 9_000, wishes)


def test_what_an_earlier_refund_took_is_not_there_for_two_wishes() -> None:
    earlier = [[Part(0, 4_000, 400, Decimal(2))]]
    with pytest.raises(Failed, match="line 1 has 2000 minor units left to refund, not 3000"):
        split([LINE, OTHER], earlier, 3_000, [Wish(0, gross=1_500), Wish(0, gross=1_500)])
