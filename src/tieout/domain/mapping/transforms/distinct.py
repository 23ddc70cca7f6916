"""A list without repetitions."""

from __future__ import annotations

from collections.abc import Callable

from tieout.domain.mapping.transforms._keys import same_key
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def distinct(values: list[Value], each: Callable[[Value], Value] | None) -> list[Value]:
    """The first of those that are equal, or whose ``each`` is equal, in order."""
    found: dict[object, Value] = {}
    for element in values:
        found.setdefault(same_key(element if each is None else each(element)), element)
    return list(found.values())


TRANSFORM = Transform(
    name="distinct",
    title="The list without repetitions: the first of the elements that are equal, or equal in something",
    group="lists",
    signature="list: list of T, each: T => any? -> list of T",
    examples=(("distinct([1, 1.0, 2])", [1, 2]), ("distinct([{a: 1}, {a: 1}], x => x.a)", [{"a": 1}])),
    function=distinct,
)
