"""A text cut to a length."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._arguments import whole
from tieout.domain.mapping.transforms._graphemes import cut
from tieout.domain.mapping.transforms._transform import Transform


def truncate(text: str, length: Decimal) -> str:
    """At most ``length`` characters, cut where no character is taken apart, and without a space at the cut."""
    size = whole(length, "length", 0, 65_536)
    return text if len(text) <= size else cut(text, size).rstrip()


TRANSFORM = Transform(
    name="truncate",
    title="The text cut to a length, never inside an accented letter, an emoji or a flag",
    group="text",
    signature="text: text, length: number -> text",
    examples=(
        ("truncate('Acme Supply', 6)", "Acme S"),
        ("truncate('Acme Supply', 5)", "Acme"),
        ("truncate('ab', 5)", "ab"),
    ),
    function=truncate,
)
