"""Whether a text ends so."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform


def ends_with(text: str | None, part: str) -> bool:
    """False for nothing."""
    return text is not None and text.endswith(part)


TRANSFORM = Transform(
    name="ends_with",
    title="Whether the text ends with another",
    group="conditions",
    signature="text: text, part: text -> bool",
    examples=(("ends_with('a@b.com', '.com')", True), ("ends_with('a', 'b')", False)),
    function=ends_with,
    takes_nothing=True,
)
