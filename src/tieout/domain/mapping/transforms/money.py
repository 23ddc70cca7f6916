"""Stripe's minor units as an amount, by the currency's own decimals."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._currency import exponent
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import CONTEXT


def money(minor: Decimal, currency: str) -> Decimal:
    """1250 usd is 12.50; a fraction of a minor unit is kept."""
    decimals = exponent(currency)
    amount = CONTEXT.scaleb(minor, -decimals)
    return (
        amount
        if -int(amount.as_tuple().exponent) >= decimals
        else CONTEXT.quantize(amount, Decimal(1).scaleb(-decimals))
    )


TRANSFORM = Transform(
    name="money",
    title="Minor units as Stripe sends them to a decimal amount, by the decimals of the currency",
    group="money",
    signature="minor: number, currency: text -> number",
    examples=(
        ("money(1250, 'usd')", Decimal("12.50")),
        ("money(1250, 'JPY')", 1250),
        ("1250 | money('kwd')", Decimal("1.250")),
        ("money(null, 'usd')", None),
    ),
    function=money,
)
