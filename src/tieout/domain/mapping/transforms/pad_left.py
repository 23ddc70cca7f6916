"""A text filled up on its left."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._arguments import whole
from tieout.domain.mapping.transforms._transform import Transform


def pad_left(text: str, length: Decimal, fill: str | None) -> str:
    """Filled with ``fill`` (one character, a space by default) up to ``length``; a longer text stays as it is."""
    size = whole(length, "length", 0, 1_000)
    if fill is not None and len(fill) != 1:
        raise Refused("fill must be one character")
    return text.rjust(size, fill or " ")


TRANSFORM = Transform(
    name="pad_left",
    title="The text filled up on its left to a length",
    group="text",
    signature="text: text, length: number, fill: text? -> text",
    examples=(("pad_left('42', 5, '0')", "00042"), ("text(7) | pad_left(2)", " 7"), ("pad_left('12345', 3)", "12345")),
    function=pad_left,
)
