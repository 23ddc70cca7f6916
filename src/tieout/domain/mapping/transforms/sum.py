"""The numbers of a list added up."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import CONTEXT, Value, named


def total(values: list[Value] | None, each: Callable[[Value], Value] | None) -> Decimal:
    """The elements, or what ``each`` makes of them; 0 for nothing. An element that is no number is refused."""
    result = Decimal(0)
    for place, element in enumerate(values or ()):
        number = element if each is None else each(element)
        if not isinstance(number, Decimal):
            raise Refused(f"sum needs numbers, but [{place}] is {named(number)}", "sum(list, x => x.field ?? 0)")
        result = CONTEXT.add(result, number)
    return result


TRANSFORM = Transform(
    name="sum",
    title="The numbers of the list added up, or a number from each of its elements; 0 for an empty list",
    group="lists",
    signature="list: list of T, each: T => number? -> number",
    examples=(("sum([1, 2.5])", Decimal("3.5")), ("sum([{n: 2}, {n: 3}], x => x.n)", 5), ("sum([])", 0)),
    function=total,
    takes_nothing=True,
)
