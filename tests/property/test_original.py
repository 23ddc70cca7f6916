"""What a record in P21 sold: its lines, each with its share of discount, tax and freight, sum to its total (C7)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tieout.domain.original import Told, sold_lines
from tieout.kernel.money import Money

CENTS = st.integers(0, 10**7)


def text(minor: int, currency: str = "usd") -> str:
    return str(Money(currency, minor).decimal())


@given(
    st.lists(st.tuples(CENTS, st.booleans()), min_size=1, max_size=6),
    CENTS,
    CENTS,
    st.integers(0, 100),
    st.sampled_from(["usd", "jpy", "kwd"]),
)
def test_the_lines_sum_to_the_total_and_no_tax_is_more_than_its_line(
    rows: list[tuple[int, bool]], tax: int, freight: int, percent: int, currency: str
) -> None:
    nets = [net for net, _ in rows]
    discount = sum(nets) * percent // 100
    assume(tax == 0 or sum(nets) > discount)
    lines = [
        {"item_id": "A-1", "quantity": "2", "extended_price": text(net, currency), "taxable": flag}
        for net, flag in rows
    ]
    lines += [{"item_id": "DISCOUNT", "quantity": "1", "extended_price": text(-discount, currency)}] if discount else []
    found = sold_lines({"lines": lines, "tax": text(tax, currency), "freight": text(freight, currency)}, currency)
    assert sum(line.gross for line in found) == sum(nets) - discount + tax + freight
    assert all(0 <= line.tax <= line.gross for line in found)
    assert all(line.sold.gross == line.gross for line in found)


def test_a_discount_lowers_what_is_taxed_as_it_is_and_freight_bears_none_of_it() -> None:
    lines = [
        {"item_id": "A-1", "quantity": "4", "description": "Widget", "extended_price": "50.00", "taxable": True},
        {"item_id": "B-1", "quantity": "1", "description": "Gadget", "extended_price": "50.00", "taxable": True},
        {"item_id": "FREIGHT", "quantity": "1", "extended_price": "12.00", "taxable": False},
        {"item_id": "DISCOUNT", "quantity": "1", "extended_price": "-10.00", "taxable": True},
    ]
    found = sold_lines({"lines": lines, "tax": "7.43"}, "usd")
    assert [(line.item_id, line.gross, line.tax) for line in found] == [
        ("A-1", 4500 + 372, 372),
        ("B-1", 4500 + 371, 371),
        ("FREIGHT", 1200, 0),
    ]
    assert [line.quantity for line in found] == [Decimal(4), Decimal(1), Decimal(1)]


def test_every_line_has_its_own_tax_where_it_was_told() -> None:
    lines = [
        {"item_id": "A-1", "quantity": "4", "extended_price": "50.00", "taxable": True},
        {"item_id": "FOOD", "quantity": "1", "extended_price": "50.00", "taxable": True},
        {"item_id": "FREIGHT", "quantity": "1", "extended_price": "12.00", "taxable": False},
        {"item_id": "DISCOUNT", "quantity": "1", "extended_price": "-10.00", "taxable": True},
    ]
    told = [Told(5000, 4000, 330), Told(5000, 5000, 0)]
    found = sold_lines({"lines": lines, "tax": "4.30"}, "usd", told)
    assert [(line.item_id, line.gross, line.tax) for line in found] == [
        ("A-1", 4330, 330),
        ("FOOD", 5000, 0),
        ("FREIGHT", 1300, 100),
    ]
    by_amount = [{"item_id": "", "amount": "40.00"}, {"item_id": "", "amount": "50.00"}]
    found = sold_lines({"lines": by_amount, "tax": "3.30"}, "usd", told)
    assert [(line.gross, line.tax) for line in found] == [(4330, 330), (5000, 0)]


@given(st.lists(st.builds(Told, CENTS, CENTS, CENTS), max_size=4), st.lists(CENTS, min_size=1, max_size=4), CENTS)
def test_what_was_told_and_does_not_fit_changes_no_sum(told: list[Told], nets: list[int], tax: int) -> None:
    assume(tax == 0 or sum(nets) > 0)
    rows = [{"item_id": "A-1", "quantity": "1", "extended_price": text(net)} for net in nets]
    found = sold_lines({"lines": rows, "tax": text(tax)}, "usd", told)
    assert sum(line.gross for line in found) == sum(nets) + tax
    assert sum(line.tax for line in found) == tax


def test_an_invoice_by_amount_has_its_accounts_and_its_freight_as_a_line() -> None:
    lines = [{"description": "Service", "amount": "100.00", "account": "4010"}]
    found = sold_lines({"lines": lines, "tax": "8.25", "freight": "5.00"}, "usd")
    assert [(line.description, line.account, line.gross, line.tax) for line in found] == [
        ("Service", "4010", 10_825, 825),
        ("Freight", "", 500, 0),
    ]


def test_discounts_beyond_the_lines_are_refused() -> None:
    with pytest.raises(ValueError, match="more than its lines"):
        sold_lines({"lines": [{"extended_price": "5.00"}, {"extended_price": "-6.00"}]}, "usd")
