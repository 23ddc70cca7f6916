"""A number without its sign."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._transform import Transform

TRANSFORM = Transform(
    name="abs",
    title="The number without its sign",
    group="numbers",
    signature="number: number -> number",
    examples=(("abs(-3.5)", Decimal("3.5")), ("abs(2)", 2)),
    function=Decimal.copy_abs,
)
