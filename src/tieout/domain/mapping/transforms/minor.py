"""An amount as whole minor units; refused when it is finer than the currency."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._currency import exponent
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import CONTEXT, plain


def minor(amount: Decimal, currency: str) -> Decimal:
    """12.5 usd is 1250. Nothing is rounded: Refused for a fraction of a minor unit."""
    units = CONTEXT.scaleb(amount, exponent(currency))
    if units != units.to_integral_value():
        decimals = exponent(currency)
        message = f"{plain(amount)} is finer than the smallest unit of {currency.strip().upper()}"
        raise Refused(message, f"round(…, {decimals}) says how to round it")
    return CONTEXT.quantize(units, Decimal(1))


TRANSFORM = Transform(
    name="minor",
    title="A decimal amount to whole minor units; an amount finer than that is an error, never rounded",
    group="money",
    signature="amount: number, currency: text -> number",
    examples=(
        ("minor(12.5, 'usd')", 1250),
        ("minor(1250, 'jpy')", 1250),
        ("minor(round(9.995, 2), 'eur')", 1000),
    ),
    function=minor,
)
