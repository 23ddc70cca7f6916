"""The first letter of every word as a capital."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform


def title(text: str) -> str:
    """Words are separated by spaces; the rest of a word becomes small, so that O'NEIL is O'neil."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))


TRANSFORM = Transform(
    name="title",
    title="Every word with a capital letter first and small letters after it",
    group="text",
    signature="text: text -> text",
    examples=(("title('ACME SUPPLY')", "Acme Supply"), ("title('new york')", "New York")),
    function=title,
)
