"""The field names of an object."""

from __future__ import annotations

from tieout.domain.mapping.transforms._arguments import within_list
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def keys(of: dict[str, Value]) -> list[Value]:
    """In their order."""
    within_list(len(of))
    return list(of)


TRANSFORM = Transform(
    name="keys",
    title="The names of the fields of an object",
    group="lists",
    signature="object: object -> list of text",
    examples=(("keys({a: 1, b: 2})", ["a", "b"]),),
    function=keys,
)
