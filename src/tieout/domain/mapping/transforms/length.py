"""How many characters a text has."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._transform import Transform


def length(text: str) -> Decimal:
    """Characters as code points, as truncate and field lengths count them."""
    return Decimal(len(text))


TRANSFORM = Transform(
    name="length",
    title="How many characters the text has",
    group="text",
    signature="text: text -> number",
    examples=(("length('Acme')", 4), ("length('')", 0)),
    function=length,
)
