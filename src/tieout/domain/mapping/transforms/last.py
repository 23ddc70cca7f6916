"""The last element of a list."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def last(values: list[Value]) -> Value:
    """Nothing when the list is empty."""
    return values[-1] if values else None


TRANSFORM = Transform(
    name="last",
    title="The last element of the list; nothing when it is empty",
    group="lists",
    signature="list: list of T -> T",
    examples=(("last([7, 8])", 8), ("last([])", None)),
    function=last,
)
