"""Whether a text has another in it."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform


def contains(text: str | None, part: str) -> bool:
    """False for nothing."""
    return text is not None and part in text


TRANSFORM = Transform(
    name="contains",
    title="Whether another text stands somewhere in the text",
    group="conditions",
    signature="text: text, part: text -> bool",
    examples=(("contains('net 30 days', '30')", True), ("contains(null, 'a')", False)),
    function=contains,
    takes_nothing=True,
)
