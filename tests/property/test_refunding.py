"""A refund is split over what was sold without losing or making a minor unit (accounting facts C7)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.refunding import Part, Sold, Wish, split
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money

AMOUNTS = st.integers(0, 10**7)


@st.composite
def sold_lines(draw: st.DrawFn) -> list[Sold]:
    """One to six lines, each with a tax of at most its gross; at least one is worth something."""
    rows = draw(st.lists(st.tuples(AMOUNTS, st.integers(0, 100), st.integers(1, 50)), min_size=1, max_size=6))
    lines = [Sold(gross, gross * percent // 100, Decimal(many)) for gross, percent, many in rows]
    return lines if any(line.gross for line in lines) else [*lines, Sold(1)]


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Sold], list[int]]:
    """Lines, and refunds that together give all of it back."""
    lines = draw(sold_lines())
    total = sum(line.gross for line in lines)
    cuts = sorted(set(draw(st.lists(st.integers(1, total), max_size=6))) | {total})
    return lines, [cut - before for cut, before in zip(cuts, [0, *cuts[:-1]], strict=True)]


def left_of(lines: list[Sold], parts: list[Part]) -> list[tuple[int, int]]:
    return [
        (line.gross - sum(p.gross for p in parts if p.line == i), line.tax - sum(p.tax for p in parts if p.line == i))
        for i, line in enumerate(lines)
    ]


@given(stories())
def test_parts_sum_to_the_refund_never_exceed_what_is_left_and_the_last_leaves_nothing(
    story: tuple[list[Sold], list[int]],
) -> None:
    lines, refunds = story
    made: list[tuple[Part, ...]] = []
    for amount in refunds:
        made.append(split(lines, made, amount))
        assert sum(part.gross for part in made[-1]) == amount
        for part in made[-1]:
            assert 0 <= part.tax <= part.gross, "net and tax are never negative"
        for gross, tax in left_of(lines, [part for parts in made for part in parts]):
            assert 0 <= tax <= gross
    assert set(left_of(lines, [part for parts in made for part in parts])) == {(0, 0)}


@given(stories(), st.randoms(use_true_random=False))
def test_the_order_of_earlier_refunds_does_not_matter(story: tuple[list[Sold], list[int]], dice: object) -> None:
    lines, refunds = story
    made: list[tuple[Part, ...]] = []
    for amount in refunds[:-1]:
        made.append(split(lines, made, amount))
    shuffled = list(made)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert split(lines, shuffled, refunds[-1]) == split(lines, made, refunds[-1])


@given(sold_lines(), st.data())
def test_a_part_of_the_gross_takes_its_share_of_the_tax(lines: list[Sold], data: st.DataObject) -> None:
    amount = data.draw(st.integers(1, sum(line.gross for line in lines)))
    for part in split(lines, [], amount):
        line = lines[part.line]
        assert abs(part.tax - Fraction(line.tax * part.gross, line.gross)) <= 1, "half up, to the minor unit"


@given(sold_lines(), st.data())
def test_what_is_asked_for_is_what_comes_back(lines: list[Sold], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([i for i, line in enumerate(lines) if line.gross]))
    wished = data.draw(st.integers(1, lines[place].gross))
    (part,) = split(lines, [], wished, [Wish(place, gross=wished)])
    assert (part.line, part.gross) == (place, wished)
    whole = split(lines, [], lines[place].gross, [Wish(place, quantity=lines[place].quantity)])
    assert [(one.line, one.gross, one.tax, one.quantity) for one in whole] == [
        (place, lines[place].gross, lines[place].tax, lines[place].quantity)
    ]


@pytest.mark.parametrize(
    ("currency", "grosses", "refund", "parts"),
    [
        ("jpy", (1100, 550, 550), 1000, (500, 250, 250)),
        ("jpy", (100, 100, 100), 100, (34, 33, 33)),
        ("kwd", (10_990, 5_010), 1_000, (687, 313)),
        ("usd", (10_825, 0), 5_413, (5_413,)),
    ],
)
def test_currencies_of_none_and_of_three_decimals_are_split_in_their_own_units(
    currency: str, grosses: tuple[int, ...], refund: int, parts: tuple[int, ...]
) -> None:
    found = split([Sold(gross) for gross in grosses], [], refund)
    assert tuple(part.gross for part in found) == parts
    assert sum((Money(currency, part.gross) for part in found), Money(currency, 0)) == Money(currency, refund)


def test_tax_that_stripe_gave_is_posted_as_given() -> None:
    lines = [Sold(10_825, 825), Sold(5_000)]
    (part,) = split(lines, [], 5_000, [Wish(0, gross=5_000, tax=380)])
    assert part == Part(0, 5_000, 380)
    assert split(lines, [(part,)], 10_825)[0].tax == 825 - 380, "the last takes what is left"


@pytest.mark.parametrize(
    ("amount", "wishes", "words"),
    [
        (10_001, (), "10001 minor units cannot be refunded where 10000 are left"),
        (0, (), "0 minor units cannot be refunded"),
        (100, (Wish(2, gross=100),), "line 3 is asked for, but only 2 lines were sold"),
        (9_000, (Wish(0, gross=5_001),), "line 1 has 5000 minor units left to refund, not 5001"),
        (4_000, (Wish(0, gross=4_001),), "come to 4001 minor units, the refund to 4000"),
        (4_000, (Wish(0, quantity=Decimal(3)),), "3 come back of a line of which 2 were sold"),
        (4_000, (Wish(0, gross=-1),), "line 1 has 5000 minor units left to refund, not -1"),
    ],
)
def test_what_does_not_fit_is_told_and_never_guessed(amount: int, wishes: tuple[Wish, ...], words: str) -> None:
    with pytest.raises(Failed) as caught:
        split([Sold(5_000, quantity=Decimal(2)), Sold(5_000)], [], amount, wishes)
    assert isinstance(caught.value.failure, Fix)
    assert words in caught.value.failure.sentence


def test_things_that_come_back_one_by_one_take_the_whole_line() -> None:
    line, made = Sold(200, 20, Decimal(3)), list[tuple[Part, ...]]()
    for gross in (67, 67, 66):
        made.append(split([line, Sold(500)], made, gross, [Wish(0, quantity=Decimal(1))]))
    assert [(part.gross, part.tax) for (part,) in made] == [(67, 7), (67, 6), (66, 7)]


def test_a_line_that_is_worth_less_than_its_tax_cannot_be_made() -> None:
    for wrong in ((1, 2, 1), (-1, 1, 1), (-1, -2, 1), (5, 0, 0)):
        with pytest.raises(ValueError, match="at least its tax"):
            Sold(wrong[0], wrong[1], Decimal(wrong[2]))


LINES_OF_A_CHANGE = st.lists(st.tuples(st.integers(-500, 900), st.integers(0, 100)), min_size=1, max_size=5)


@given(LINES_OF_A_CHANGE, st.data())
def test_credit_notes_of_a_change_in_mid_period_never_take_more_of_a_line_than_it_came_to(
    lines: list[tuple[int, int]], data: st.DataObject
) -> None:
    sold = [Sold(gross, gross * tax // 100 if gross >= 0 else -(-gross * tax // 100)) for gross, tax in lines]
    left, made = sum(one.gross for one in sold), list[tuple[Part, ...]]()
    while left > 0:
        amount = data.draw(st.integers(1, left))
        made.append(split(sold, made, amount))
        assert sum(part.gross for part in made[-1]) == amount
        left -= amount
        for i, line in enumerate(sold):
            parts = [part for one in made for part in one if part.line == i]
            gross, tax = sum(part.gross for part in parts), sum(part.tax for part in parts)
            assert min(0, line.gross) <= gross <= max(0, line.gross)
            assert min(0, line.tax) <= tax <= max(0, line.tax)
    if made:
        whole = [(sum(p.gross for one in made for p in one if p.line == i)) for i in range(len(sold))]
        assert whole == [one.gross for one in sold], "all notes together take back what was billed, line by line"
