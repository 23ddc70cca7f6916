"""A value as text."""

from __future__ import annotations

from tieout.domain.mapping.transforms._arguments import as_text
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def text(value: Value) -> str:
    """Numbers without exponent, true and false as words, nothing as ''; Refused for a list or an object."""
    return as_text(value)


TRANSFORM = Transform(
    name="text",
    title="The value as text: a number in plain digits, true or false as words, nothing as ''",
    group="text",
    signature="value: any -> text",
    examples=(("text(12.50)", "12.50"), ("text(true)", "true"), ("text(null)", "")),
    function=text,
    takes_nothing=True,
)
