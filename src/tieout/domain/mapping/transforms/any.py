"""Whether an element meets a condition."""

from __future__ import annotations

from collections.abc import Callable

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def some(values: list[Value] | None, each: Callable[[Value], Value]) -> bool:
    """Whether ``each`` is true for at least one element; false for nothing."""
    return any(each(element) for element in values or ())


TRANSFORM = Transform(
    name="any",
    title="Whether a condition is true for at least one element of the list",
    group="lists",
    signature="list: list of T, each: T => bool -> bool",
    examples=(("any([1, 5], x => x > 4)", True), ("any([], x => true)", False)),
    function=some,
    takes_nothing=True,
)
