"""Arguments that must be whole numbers within bounds, and texts that must not grow out of theirs."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.limits import LIST_ELEMENTS_MAX, TEXT_CHARACTERS_MAX
from tieout.domain.mapping.values import Value, named, plain


def whole(number: Decimal, name: str, low: int, high: int) -> int:
    """The number as an int; Refused unless it is whole and between ``low`` and ``high``."""
    if not low <= number <= high or number != number.to_integral_value():
        raise Refused(f"{name} must be a whole number from {low} to {high}, got {plain(number)}")
    return int(number)


def within_text(characters: int) -> None:
    """Refused when a text of that many characters would be too long: asked before it is made."""
    if characters > TEXT_CHARACTERS_MAX:
        raise Refused(f"the text would be longer than {TEXT_CHARACTERS_MAX} characters")


def within_list(elements: int) -> None:
    """Refused when a list of that many elements would be too long: asked before it is made."""
    if elements > LIST_ELEMENTS_MAX:
        raise Refused(f"the list would be longer than {LIST_ELEMENTS_MAX} elements")


def as_text(value: Value) -> str:
    """The value as text: '' for nothing, plain digits for a number; Refused for a list or an object."""
    if value is None:
        return ""
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is Decimal:
        return plain(value)
    raise Refused(f"{named(value)} is not a text", "join(…) makes a text of a list")


def is_blank(value: Value) -> bool:
    """Whether the value is nothing, or a text without anything to see."""
    return value is None or (type(value) is str and not value.strip())
