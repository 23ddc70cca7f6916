"""Reads JSON from other systems with limits: no answer costs more than its length, and none holds a number without end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from tieout.kernel.redact import printable

DEPTH_MAX = 64
DIGITS_MAX = 30
NUMBER_CHARACTERS_MAX = 60
EXPONENT_MAX = 60
TEXT = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'

_TEXTS = re.compile(TEXT, re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


class NotReadable(ValueError):
    """Not JSON that we accept; the message says why, in words."""


class NotWhole(NotReadable):
    """Not JSON at all: nothing, a part of it, or something else."""


def read_json(body: bytes | str, object_of: Callable[[list[tuple[str, Any]]], dict[str, Any]] = dict) -> Any:
    """The JSON value; numbers with a point or an exponent become Decimal. Raises NotReadable, and nothing else.

    Refused: nesting deeper than 64 (counted before anything is parsed), NaN and Infinity, whole numbers of more than 30
    digits, numbers of more than 60 places before or after the point.
    """
    text = body if isinstance(body, str) else _decoded(body)
    if depth(text) > DEPTH_MAX:
        raise NotReadable(f"the body is nested deeper than {DEPTH_MAX} levels")
    try:
        return json.loads(
            text, object_pairs_hook=object_of, parse_int=_whole, parse_float=_fraction, parse_constant=_no_constant
        )
    except NotReadable:
        raise
    except RecursionError:
        raise NotReadable("the body is nested too deeply") from None
    except ValueError as error:
        raise NotWhole(f"the body is not JSON: {error}") from None


def depth(text: str) -> int:
    """How deep brackets are nested outside texts, whether or not the rest is JSON."""
    deepest = level = 0
    for bracket in _BRACKETS.finditer(_TEXTS.sub("", text)):
        level += 1 if bracket[0] in "[{" else -1
        deepest = max(deepest, level)
    return deepest


def limited(number: Decimal) -> Decimal:
    """The number itself. NotReadable when it is none or has more than 60 places before or after the point."""
    if not number.is_finite() or abs(number.adjusted()) > EXPONENT_MAX:
        raise NotReadable(f"the number {printable(str(number))[:NUMBER_CHARACTERS_MAX]} is too large or too small")
    return number


def _decoded(body: bytes) -> str:
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError as error:
        raise NotReadable(f"the body is not {error.encoding}: {error.reason} at byte {error.start}") from None


def _whole(literal: str) -> int:
    if len(literal.lstrip("-")) > DIGITS_MAX:
        raise NotReadable(f"a number has more than {DIGITS_MAX} digits")
    return int(literal)


def _fraction(literal: str) -> Decimal:
    if len(literal) > NUMBER_CHARACTERS_MAX:
        raise NotReadable(f"a number has more than {NUMBER_CHARACTERS_MAX} characters")
    try:
        return limited(Decimal(literal))
    except InvalidOperation:
        raise NotReadable("a number is too large or too small") from None


def _no_constant(literal: str) -> NoReturn:
    raise NotReadable(f"{literal} is not a JSON number")
