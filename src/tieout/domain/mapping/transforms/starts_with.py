"""Whether a text begins so."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform


def starts_with(text: str | None, part: str) -> bool:
    """False for nothing."""
    return text is not None and text.startswith(part)


TRANSFORM = Transform(
    name="starts_with",
    title="Whether the text begins with another",
    group="conditions",
    signature="text: text, part: text -> bool",
    examples=(("starts_with('ch_1', 'ch_')", True), ("starts_with(null, 'a')", False)),
    function=starts_with,
    takes_nothing=True,
)
