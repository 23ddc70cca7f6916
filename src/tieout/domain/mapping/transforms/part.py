"""A part of a text."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._arguments import whole
from tieout.domain.mapping.transforms._transform import Transform


def part(text: str, start: Decimal, length: Decimal | None) -> str:
    """From ``start`` (0 is the first character, negative counts from the end), ``length`` characters or to the end."""
    first = whole(start, "start", -65_536, 65_536)
    begin = max(len(text) + first, 0) if first < 0 else first
    end = len(text) if length is None else begin + whole(length, "length", 0, 65_536)
    return text[begin:end]


TRANSFORM = Transform(
    name="part",
    title="A part of the text from a position (0 is the first, -1 the last), for a length or to the end",
    group="text",
    signature="text: text, start: number, length: number? -> text",
    examples=(("part('ABC-123', 0, 3)", "ABC"), ("part('ABC-123', 4)", "123"), ("part('ABC-123', -2)", "23")),
    function=part,
)
