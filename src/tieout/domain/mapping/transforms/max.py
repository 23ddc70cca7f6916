"""The largest number."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._transform import Transform


def largest(first: Decimal | list[Decimal], *more: Decimal) -> Decimal | None:
    """Of the numbers given, or of a list; nothing for an empty list."""
    listed = [*first] if isinstance(first, list) else [first]
    return max((*listed, *more), default=None)


TRANSFORM = Transform(
    name="max",
    title="The largest of the numbers given, or of a list of numbers",
    group="numbers",
    signature="first: list of number or number, more: number... -> number",
    examples=(("max(3, 1, 2)", 3), ("max([2.5, 7])", 7), ("max(0, -5)", 0)),
    function=largest,
)
