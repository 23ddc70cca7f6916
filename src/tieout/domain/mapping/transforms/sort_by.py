"""A list in the order of a key."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def sort_by(values: list[Value], each: Callable[[Value], Value]) -> list[Value]:
    """Smallest first, elements without a key last, equal ones as they came; keys are all numbers or all texts."""
    keyed = [(each(element), element) for element in values]
    present = [(key, element) for key, element in keyed if isinstance(key, (str, Decimal))]
    if len({type(key) for key, _ in present}) > 1:
        raise Refused("sort_by needs keys of one kind, but some are numbers and some are texts")
    present.sort(key=_first)
    return [element for _, element in present] + [element for key, element in keyed if key is None]


def _first(pair: tuple[str | Decimal, Value]) -> Any:
    return pair[0]


TRANSFORM = Transform(
    name="sort_by",
    title="The list in the order of a number or text from each element, smallest first, elements without one last",
    group="lists",
    signature="list: list of T, each: T => number or text -> list of T",
    examples=(("sort_by([3, 1, 2], x => x)", [1, 2, 3]), ("sort_by(['b', 'a'], x => x)", ["a", "b"])),
    function=sort_by,
)
