"""A value to use where there is none."""

from __future__ import annotations

from tieout.domain.mapping.transforms._arguments import is_blank
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def default(value: Value, otherwise: Value) -> Value:
    """``otherwise`` when ``value`` is nothing or a blank text."""
    return otherwise if is_blank(value) else value


TRANSFORM = Transform(
    name="default",
    title="The value, or the other one when it is nothing or a blank text (?? does so for nothing only)",
    group="conditions",
    signature="value: T, otherwise: T -> T",
    examples=(("default(null, 'none')", "none"), ("' ' | default('none')", "none"), ("default(0, 7)", 0)),
    function=default,
)
