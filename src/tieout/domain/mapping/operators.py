"""What the operators do with two values; none of them knows where it stands."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow
from typing import Final

from tieout.domain.mapping.errors import Refused, shortened
from tieout.domain.mapping.run import Budget
from tieout.domain.mapping.values import CONTEXT, Value, named

ARITHMETIC: Final[Mapping[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
}
ORDER: Final[Mapping[str, Callable[[str | Decimal, str | Decimal], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def computed(sign: str, left: Value, right: Value) -> Decimal:
    """left + right and so on, to 34 digits, halves away from zero."""
    if not (type(left) is Decimal and type(right) is Decimal):
        raise Refused(f"cannot compute {named(left)} {sign} {named(right)}", _hint(sign, left, right))
    try:
        return ARITHMETIC[sign](left, right)
    except DivisionByZero:
        raise Refused("division by zero") from None
    except (Overflow, Underflow):
        raise Refused("the number is too large or too small") from None
    except InvalidOperation:
        raise Refused("division by zero") from None


def ordered(sign: str, left: Value, right: Value) -> bool:
    """left < right and so on: two numbers, or two texts by their code points."""
    if (type(left) is Decimal and type(right) is Decimal) or (type(left) is str and type(right) is str):
        return ORDER[sign](left, right)
    raise Refused(f"cannot compare {named(left)} {sign} {named(right)}", _hint(sign, left, right))


def equal(left: Value, right: Value, budget: Budget) -> bool:
    """Same kind and same content; 1.0 equals 1.00, and nothing equals only nothing."""
    waiting = [(left, right)]
    while waiting:
        one, other = waiting.pop()
        budget.step(1)
        if type(one) is not type(other):
            return False
        if type(one) is list and type(other) is list:
            if len(one) != len(other):
                return False
            budget.step(len(one))
            waiting.extend(zip(one, other, strict=True))
        elif type(one) is dict and type(other) is dict:
            if len(one) != len(other):
                return False
            budget.step(len(one))
            if one.keys() != other.keys():
                return False
            waiting.extend((one[key], other[key]) for key in one)
        elif one != other:
            return False
    return True


def member(value: Value, values: Value, budget: Budget) -> bool:
    """Whether a list has an element that equals the value; nothing has none."""
    if values is None:
        return False
    if type(values) is not list:
        raise Refused(f"in needs a list, but this is {named(values)}")
    return any(equal(value, one, budget) for one in values)


def taken(owner: Value, key: Value) -> Value:
    """A field of an object or an element of a list; nothing when it is not there."""
    if type(owner) is dict and type(key) is str:
        return owner.get(key)
    if type(owner) is list and type(key) is Decimal:
        if key != key.to_integral_value():
            raise Refused("an index must be a whole number")
        return owner[int(key)] if -len(owner) <= key < len(owner) else None
    if type(key) is str:
        hint = "map(…, x => x.field) takes it from every element" if type(owner) is list else None
        raise Refused(f"{named(owner)} has no field {shortened(key)}", hint)
    raise Refused(f"{named(owner)} cannot be indexed by {named(key)}")


def condition(value: Value) -> bool:
    """The value of a condition; Refused when it is neither true nor false."""
    if type(value) is bool:
        return value
    hint = "say what nothing means: … ?? false" if value is None else None
    raise Refused(f"a condition must be true or false, but this is {named(value)}", hint)


def _hint(sign: str, left: Value, right: Value) -> str | None:
    if left is None or right is None:
        return "say what to use instead of nothing: … ?? 0"
    if sign == "+" and (type(left) is str or type(right) is str):
        return "use & to join texts"
    return "number(…) reads a number from a text" if str in (type(left), type(right)) else None
