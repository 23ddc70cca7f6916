"""What lines of Checkout and of invoices have in common: how many, at how much, with which tax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tieout.connectors.stripe._object import StripeObject

EXEMPTING = frozenset(
    (
        "customer_exempt",
        "excluded_territory",
        "not_subject_to_tax",
        "portion_product_exempt",
        "product_exempt",
        "product_exempt_holiday",
        "reverse_charge",
        "zero_rated",
    )
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a line on one basis, without tax (minor units): before discount, the discount, after it."""

    subtotal: int
    discount: int
    net: int


def figures(amount: int, discount: int, contained: int) -> Figures:
    """The line without the tax that its ``amount`` and its ``discount`` contain (minor units).

    A discount on a price that contains tax contains its share of that tax.
    """
    gross = amount - discount
    net = gross - contained
    if contained and gross:
        discount = int((Decimal(discount) * net / gross).quantize(Decimal(1), ROUND_HALF_UP))
    return Figures(net + discount, discount, net)


def quantity(line: StripeObject) -> Decimal:
    """How many; since 2026-03 Stripe may write it as a decimal text (B1). A line without one is one thing."""
    found = line.decimal("quantity_decimal", "quantity")
    return Decimal(1) if found is None else found


def taxable(taxes: Sequence[StripeObject]) -> bool | None:
    """Whether a line is taxed, as far as Stripe says why it is not; None where it says nothing."""
    if any(one.whole("amount") for one in taxes):
        return True
    reasons = {one.text("taxability_reason") for one in taxes}
    return False if reasons and reasons <= EXEMPTING else None


def billing_credit(line: StripeObject) -> int:
    """What billing credits paid of a line before tax, in minor units; discounts are listed there too and told by themselves."""
    credits = line.parts("pretax_credit_amounts")
    return sum(one.whole("amount") for one in credits if one.text("type") != "discount")
