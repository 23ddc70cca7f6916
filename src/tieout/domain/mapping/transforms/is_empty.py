"""Whether there is nothing in a value."""

from __future__ import annotations

from tieout.domain.mapping.transforms._arguments import is_blank
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def is_empty(value: Value) -> bool:
    """True for nothing, a blank text, an empty list or object."""
    return is_blank(value) or (type(value) in (list, dict) and not value)


TRANSFORM = Transform(
    name="is_empty",
    title="Whether the value is nothing, a blank text, or a list or object without content",
    group="conditions",
    signature="value: any -> bool",
    examples=(("is_empty(null)", True), ("is_empty('  ')", True), ("is_empty([])", True), ("is_empty(0)", False)),
    function=is_empty,
)
