"""A text cut at a separator."""

from __future__ import annotations

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._arguments import within_list
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def split(text: str, separator: str) -> list[Value]:
    """The parts between the separators, taken literally."""
    if not separator:
        raise Refused("the separator must not be empty")
    within_list(text.count(separator) + 1)
    return list(text.split(separator))


TRANSFORM = Transform(
    name="split",
    title="The parts of the text between the separators",
    group="text",
    signature="text: text, separator: text -> list of text",
    examples=(("split('a,b,,c', ',')", ["a", "b", "", "c"]), ("split('10-2', '-')[0]", "10")),
    function=split,
)
