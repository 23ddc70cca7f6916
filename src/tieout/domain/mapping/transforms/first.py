"""The first element of a list."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def first(values: list[Value]) -> Value:
    """Nothing when the list is empty."""
    return values[0] if values else None


TRANSFORM = Transform(
    name="first",
    title="The first element of the list; nothing when it is empty",
    group="lists",
    signature="list: list of T -> T",
    examples=(("first([7, 8])", 7), ("first([])", None)),
    function=first,
)
