"""How many elements a list has."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def count(values: list[Value] | None, each: Callable[[Value], Value] | None) -> Decimal:
    """All elements, or those for which ``each`` is true; 0 for nothing."""
    if each is None or not values:
        return Decimal(len(values or ()))
    return Decimal(sum(1 for element in values if each(element)))


TRANSFORM = Transform(
    name="count",
    title="How many elements the list has, or how many meet a condition",
    group="lists",
    signature="list: list of T, each: T => bool? -> number",
    examples=(("count([7, 8])", 2), ("count([1, 5, 9], x => x > 4)", 2), ("count(null)", 0)),
    function=count,
    takes_nothing=True,
)
