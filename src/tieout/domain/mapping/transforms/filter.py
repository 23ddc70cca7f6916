"""The elements of a list that meet a condition."""

from __future__ import annotations

from collections.abc import Callable

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def kept(values: list[Value], each: Callable[[Value], Value]) -> list[Value]:
    """The elements for which ``each`` is true, in order."""
    return [element for element in values if each(element)]


TRANSFORM = Transform(
    name="filter",
    title="The elements of the list for which a condition is true",
    group="lists",
    signature="list: list of T, each: T => bool -> list of T",
    examples=(("filter([1, 5, 9], x => x > 4)", [5, 9]), ("filter(['a', ''], s => s != '')", ["a"])),
    function=kept,
)
