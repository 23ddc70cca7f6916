"""The values an expression knows: nothing, true/false, Decimal, text, list, object; and the door they come in by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow
from types import MappingProxyType
from typing import Final, TypeAlias

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.limits import (
    DIGITS_MAX,
    EXPONENT_MAX,
    INPUT_DEPTH_MAX,
    INPUT_VALUES_MAX,
    RESULT_CHARACTERS_MAX,
    RESULT_VALUES_MAX,
)

Value: TypeAlias = "bool | Decimal | str | list[Value] | dict[str, Value] | None"
Tables: TypeAlias = "Mapping[str, Mapping[str, object]]"
NO_TABLES: Final[Tables] = MappingProxyType({})

CONTEXT: Final = Context(
    prec=DIGITS_MAX,
    rounding=ROUND_HALF_UP,
    Emax=EXPONENT_MAX,
    Emin=-EXPONENT_MAX,
    traps=[InvalidOperation, DivisionByZero, Overflow, Underflow],
)
KINDS: Final[Mapping[type, str]] = {
    type(None): "null",
    bool: "bool",
    Decimal: "number",
    str: "text",
    list: "list",
    dict: "object",
}
NAMES: Final[Mapping[str, str]] = {
    "null": "nothing",
    "bool": "true or false",
    "number": "a number",
    "text": "text",
    "list": "a list",
    "object": "an object",
    "any": "any value",
}


class Admitted(dict[str, Value]):
    """Inputs that came through ``admitted``: made of our own values only, so nothing is checked twice."""


def admitted(inputs: Mapping[str, object], only: Collection[str] | None = None) -> Admitted:
    """The inputs as values: int becomes Decimal; Refused names a float, a host object, or what is too large or deep."""
    if isinstance(inputs, Admitted):
        return inputs
    count = [0]
    roots = inputs if only is None else [name for name in inputs if name in only]
    return Admitted({_key(name, "the inputs"): _admit(inputs[name], name, 1, count) for name in roots})


def admit(value: object, name: str = "the value") -> Value:
    """One value from outside; ``name`` says in the refusal which one it was."""
    return _admit(value, name, 1, [0])


def kind_of(value: Value) -> str:
    """null, bool, number, text, list or object."""
    return KINDS[type(value)]


def named(value: Value) -> str:
    """What kind of value it is, as a person says it: 'a number', 'nothing'."""
    return NAMES[kind_of(value)]


def plain(number: Decimal) -> str:
    """The number without an exponent and without a negative zero: '12.50'."""
    if number.is_zero():
        number = number.copy_abs()
    return format(number, "f")


def measured(value: Value) -> Value:
    """The value itself; Refused when it holds more values or text than a result may (counted with repetitions)."""
    values, characters, waiting = 0, 0, [value]
    while waiting:
        one = waiting.pop()
        values += 1
        if type(one) is str:
            characters += len(one)
        elif type(one) is list:
            waiting.extend(one)
        elif type(one) is dict:
            characters += sum(map(len, one))
            waiting.extend(one.values())
        if values + len(waiting) > RESULT_VALUES_MAX or characters > RESULT_CHARACTERS_MAX:
            raise Refused("the result is too large")
    return _not_too_deep(value)


def _not_too_deep(value: Value) -> Value:
    level: list[Value] = [value]
    for _ in range(INPUT_DEPTH_MAX):
        level = [child for one in level for child in _children(one)]
        if not level:
            return value
    raise Refused("the result is nested too deeply")


def _children(value: Value) -> Collection[Value]:
    if type(value) is list:
        return value
    return value.values() if type(value) is dict else ()


def _admit(value: object, name: str, depth: int, count: list[int]) -> Value:
    count[0] += 1
    if depth > INPUT_DEPTH_MAX or count[0] > INPUT_VALUES_MAX:
        raise Refused(f"{name} is too large or nested too deeply to be read")
    if value is None or type(value) is bool or type(value) is str:
        return value
    if type(value) is int:
        return _whole(value, name)
    if type(value) is Decimal:
        return _number(value, name)
    if type(value) is list:
        return [_admit(one, name, depth + 1, count) for one in value]
    if type(value) is dict:
        return {_key(key, name): _admit(one, f"{name}.{key}"[:120], depth + 1, count) for key, one in value.items()}
    raise _unwelcome(value, name)


def _unwelcome(value: object, name: str) -> Refused:
    if type(value) is float:
        return Refused(f"{name} is a floating point number, which is not exact", "read numbers as Decimal")
    return Refused(f"{name} is a {type(value).__name__}, which an expression cannot read")


def _key(key: object, name: str) -> str:
    if type(key) is not str:
        raise Refused(f"{name} has a field name that is not text")
    return key


def _whole(value: int, name: str) -> Decimal:
    if value.bit_length() > 4 * DIGITS_MAX or abs(value) >= 10**DIGITS_MAX:
        raise Refused(f"{name} has more than {DIGITS_MAX} digits")
    return Decimal(value)


def _number(value: Decimal, name: str) -> Decimal:
    if not value.is_finite():
        raise Refused(f"{name} is not a finite number")
    if len(value.as_tuple().digits) > DIGITS_MAX:
        raise Refused(f"{name} has more than {DIGITS_MAX} digits")
    if value.is_zero():
        return value if -EXPONENT_MAX <= value.adjusted() <= 0 else Decimal(0)
    if abs(value.adjusted()) > EXPONENT_MAX:
        raise Refused(f"{name} is too large or too small a number")
    return value
