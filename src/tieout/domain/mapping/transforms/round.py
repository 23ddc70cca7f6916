"""A number rounded, halves away from zero."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._arguments import whole
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import CONTEXT


def rounded(number: Decimal, decimals: Decimal | None) -> Decimal:
    """To ``decimals`` places (0), halves away from zero; negative places round to tens, hundreds …"""
    places = 0 if decimals is None else whole(decimals, "decimals", -12, 12)
    result = CONTEXT.quantize(number, Decimal((0, (1,), -places)))
    return result if places >= 0 else CONTEXT.quantize(result, Decimal(1))


TRANSFORM = Transform(
    name="round",
    title="The number rounded to so many decimals (0), halves away from zero",
    group="numbers",
    signature="number: number, decimals: number? -> number",
    examples=(
        ("round(2.5)", 3),
        ("round(-2.345, 2)", Decimal("-2.35")),
        ("round(1234, -2)", 1200),
        ("round(5, 2)", Decimal("5.00")),
    ),
    function=rounded,
)
