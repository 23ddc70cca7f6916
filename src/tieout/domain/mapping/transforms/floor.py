"""The whole number below."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import CONTEXT


def floor(number: Decimal) -> Decimal:
    """The largest whole number that is not greater."""
    return number.to_integral_value(rounding=ROUND_FLOOR, context=CONTEXT)


TRANSFORM = Transform(
    name="floor",
    title="The largest whole number that is not greater",
    group="numbers",
    signature="number: number -> number",
    examples=(("floor(2.9)", 2), ("floor(-2.1)", -3)),
    function=floor,
)
