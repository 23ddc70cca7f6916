"""Whether every element meets a condition."""

from __future__ import annotations

from collections.abc import Callable

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def every(values: list[Value] | None, each: Callable[[Value], Value]) -> bool:
    """Whether ``each`` is true for all elements; true for nothing."""
    return all(each(element) for element in values or ())


TRANSFORM = Transform(
    name="all",
    title="Whether a condition is true for every element of the list; true when there is none",
    group="lists",
    signature="list: list of T, each: T => bool -> bool",
    examples=(("all([1, 5], x => x > 4)", False), ("all([], x => false)", True)),
    function=every,
    takes_nothing=True,
)
