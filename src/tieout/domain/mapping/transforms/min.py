"""The smallest number."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._transform import Transform


def smallest(first: Decimal | list[Decimal], *more: Decimal) -> Decimal | None:
    """Of the numbers given, or of a list; nothing for an empty list."""
    listed = [*first] if isinstance(first, list) else [first]
    return min((*listed, *more), default=None)


TRANSFORM = Transform(
    name="min",
    title="The smallest of the numbers given, or of a list of numbers",
    group="numbers",
    signature="first: list of number or number, more: number... -> number",
    examples=(("min(3, 1, 2)", 1), ("min([2.5, 7])", Decimal("2.5")), ("min([])", None)),
    function=smallest,
)
