"""The surname in a full name."""

from __future__ import annotations

from tieout.domain.mapping.transforms._names import surname_at, words
from tieout.domain.mapping.transforms._transform import Transform


def last_name(full_name: str) -> str | None:
    """With its particles, without suffix; nothing when there is one word only."""
    name = words(full_name)
    return " ".join(name[surname_at(name) :]) or None


TRANSFORM = Transform(
    name="last_name",
    title="The surname in a person's full name, with 'van der' and the like; nothing when there is only one word",
    group="cleansing",
    signature="full_name: text -> text",
    examples=(
        ("last_name('Ludwig van Beethoven')", "van Beethoven"),
        ("last_name('Ann Smith, Jr.')", "Smith"),
        ("last_name('Cher')", None),
    ),
    function=last_name,
)
