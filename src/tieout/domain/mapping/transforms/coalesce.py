"""The first value that is there."""

from __future__ import annotations

from tieout.domain.mapping.transforms._arguments import is_blank
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def coalesce(first: Value, *more: Value) -> Value:
    """The first that is neither nothing nor a blank text; nothing when there is none."""
    return next((value for value in (first, *more) if not is_blank(value)), None)


TRANSFORM = Transform(
    name="coalesce",
    title="The first of the values that is neither nothing nor a blank text",
    group="conditions",
    signature="first: T, more: T... -> T",
    examples=(("coalesce(null, '', 'c', 'd')", "c"), ("coalesce(null, 0)", 0), ("coalesce('')", None)),
    function=coalesce,
)
