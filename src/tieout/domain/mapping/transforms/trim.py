"""Without spaces around."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform

TRANSFORM = Transform(
    name="trim",
    title="The text without spaces at its beginning and end",
    group="cleansing",
    signature="text: text -> text",
    examples=(("trim('  a b ')", "a b"),),
    function=str.strip,
)
