"""An expression over each element of a list."""

from __future__ import annotations

from collections.abc import Callable

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def mapped(values: list[Value], each: Callable[[Value], Value]) -> list[Value]:
    """What ``each`` makes of every element, in order."""
    return [each(element) for element in values]


TRANSFORM = Transform(
    name="map",
    title="A list of what an expression makes of each element",
    group="lists",
    signature="list: list of T, each: T => U -> list of U",
    examples=(
        ("map([1, 2], x => x * 2)", [2, 4]),
        ("['a', 'b'] | map(s => {sku: upper(s)})", [{"sku": "A"}, {"sku": "B"}]),
    ),
    function=mapped,
)
