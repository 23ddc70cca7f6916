"""The given names of a full name."""

from __future__ import annotations

from tieout.domain.mapping.transforms._names import surname_at, words
from tieout.domain.mapping.transforms._transform import Transform


def first_name(full_name: str) -> str | None:
    """Without title and suffix; nothing for a blank name."""
    name = words(full_name)
    return " ".join(name[: surname_at(name)]) or None


TRANSFORM = Transform(
    name="first_name",
    title="The given names in a person's full name, without titles",
    group="cleansing",
    signature="full_name: text -> text",
    examples=(
        ("first_name('Dr. Ann Marie Smith Jr.')", "Ann Marie"),
        ("first_name('Smith, Ann')", "Ann"),
        ("first_name('Cher')", "Cher"),
    ),
    function=first_name,
)
