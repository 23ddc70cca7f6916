"""Reads JSON from outside with limits, and takes card numbers out of its text without changing anything else."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from tieout.kernel.redact import redact

BYTES_MAX = 1024 * 1024
DEPTH_MAX = 64
DIGITS_MAX = 30
NUMBER_CHARACTERS_MAX = 60

_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_STRINGS = re.compile(_STRING, re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
_LITERAL = re.compile(_STRING.decode() + r"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.DOTALL)


class NotReadable(ValueError):
    """Not JSON that we accept; the message says why, in words."""


def read_strictly(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``; numbers with a point become Decimal. Raises NotReadable, and nothing else.

    Refused: more than 1 MiB, nesting deeper than 64 (counted before anything is parsed), a name twice in one object,
    NaN and Infinity, whole numbers of more than 30 digits, bytes that are not UTF-8 (Stripe B3, reliability A16).
    """
    if len(body) > BYTES_MAX:
        raise NotReadable(f"the body has {len(body)} bytes, at most {BYTES_MAX} are read")
    if depth(body) > DEPTH_MAX:
        raise NotReadable(f"the body is nested deeper than {DEPTH_MAX} levels")
    value = _parsed(_decoded(body))
    if not isinstance(value, dict):
        raise NotReadable("the body is not a JSON object")
    return value


def depth(body: bytes) -> int:
    """How deep brackets are nested outside texts, whether or not the rest is JSON."""
    deepest = level = 0
    for bracket in _BRACKETS.finditer(_STRINGS.sub(b"", body)):
        level += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def without_cards(text: str) -> str:
    """A JSON text whose texts and whole numbers are redacted one by one: it stays JSON, byte for byte elsewhere."""
    return _LITERAL.sub(_redacted, text)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotReadable(f"the body is not UTF-8: {error.reason} at byte {error.start}") from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_no_constant,
        )
    except NotReadable:
        raise
    except RecursionError:
        raise NotReadable("the body is nested too deeply") from None
    except ValueError as error:
        raise NotReadable(f"the body is not JSON: {error}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotReadable(f"the name {redact(twice)[:40]!r} stands twice in one object")
    return found


def _whole(literal: str) -> int:
    if len(literal.lstrip("-")) > DIGITS_MAX:
        raise NotReadable(f"a number has more than {DIGITS_MAX} digits")
    return int(literal)


def _fraction(literal: str) -> Decimal:
    if len(literal) > NUMBER_CHARACTERS_MAX:
        raise NotReadable(f"a number has more than {NUMBER_CHARACTERS_MAX} characters")
    try:
        return Decimal(literal)
    except InvalidOperation:
        raise NotReadable("a number is too large or too small") from None


def _no_constant(literal: str) -> NoReturn:
    raise NotReadable(f"{literal} is not a JSON number")


def _redacted(match: re.Match[str]) -> str:
    literal = match[0]
    plain = json.loads(literal, strict=False) if "\\" in literal else literal.strip('"')
    clean = redact(plain)
    return literal if clean == plain else json.dumps(clean)
