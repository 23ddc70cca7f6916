"""The whole number above."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import CONTEXT


def ceiling(number: Decimal) -> Decimal:
    """The smallest whole number that is not less."""
    return number.to_integral_value(rounding=ROUND_CEILING, context=CONTEXT)


TRANSFORM = Transform(
    name="ceiling",
    title="The smallest whole number that is not less",
    group="numbers",
    signature="number: number -> number",
    examples=(("ceiling(2.1)", 3), ("ceiling(-2.9)", -2)),
    function=ceiling,
)
