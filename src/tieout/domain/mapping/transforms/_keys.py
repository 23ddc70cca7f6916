"""A key by which two values are the same: for sets, where lists and objects cannot stand."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.values import CONTEXT, Value, kind_of


def same_key(value: Value, spend: int = 50) -> object:
    """Equal for equal values only; Refused when the value holds too much to be told apart."""
    left = [spend]
    return _key(value, left)


def _key(value: Value, left: list[int]) -> object:
    left[0] -= 1
    if left[0] < 0:
        raise Refused("the elements are too large to be compared", "say by what: distinct(list, x => x.id)")
    if type(value) is list:
        return ("list", tuple(_key(one, left) for one in value))
    if type(value) is dict:
        return ("object", tuple((name, _key(value[name], left)) for name in sorted(value)))
    return (kind_of(value), _told(value) if type(value) is Decimal else value)


def _told(number: Decimal) -> str:
    """One text for equal numbers. Numbers themselves may share a hash by the thousand if somebody wants it (case D8)."""
    return "0" if number.is_zero() else str(number.normalize(CONTEXT))
