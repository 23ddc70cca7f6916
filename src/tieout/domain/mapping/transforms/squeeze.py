"""Without doubled spaces."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform


def squeeze(text: str) -> str:
    """Every run of white space becomes one space; none at the ends."""
    return " ".join(text.split())


TRANSFORM = Transform(
    name="squeeze",
    title="Every run of spaces, tabs and line breaks as one space, and none at the ends",
    group="cleansing",
    signature="text: text -> text",
    examples=(("squeeze('  a \\n  b ')", "a b"),),
    function=squeeze,
)
