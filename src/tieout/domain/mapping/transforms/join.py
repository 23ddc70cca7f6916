"""The elements of a list as one text."""

from __future__ import annotations

from tieout.domain.mapping.transforms._arguments import as_text, within_text
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def join(values: list[Value], separator: str | None) -> str:
    """The elements as text with ``separator`` between them; nothing is left out."""
    parts = [as_text(value) for value in values if value is not None]
    between = separator or ""
    within_text(sum(map(len, parts)) + len(between) * max(len(parts) - 1, 0))
    return between.join(parts)


TRANSFORM = Transform(
    name="join",
    title="The elements of the list as one text, with a separator between them; elements that are nothing are left out",
    group="text",
    signature="list: list, separator: text? -> text",
    examples=(("join(['a', null, 7], ', ')", "a, 7"), ("join(['a', 'b'])", "ab")),
    function=join,
)
