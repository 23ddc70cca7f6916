"""Small letters."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform

TRANSFORM = Transform(
    name="lower",
    title="The text in small letters",
    group="text",
    signature="text: text -> text",
    examples=(("lower('USD')", "usd"),),
    function=str.lower,
)
