"""Whether a text has a simple form."""

from __future__ import annotations

import re
from functools import lru_cache

from tieout.domain.mapping.errors import Refused, shortened
from tieout.domain.mapping.transforms._transform import Transform

TEXT_CHARACTERS_MAX = 4_000
PATTERN_CHARACTERS_MAX = 100


def matches(text: str | None, pattern: str) -> bool:
    """``*`` stands for any characters, ``?`` for one; the whole text must match. False for nothing."""
    if len(pattern) > PATTERN_CHARACTERS_MAX:
        raise Refused(f"a pattern has at most {PATTERN_CHARACTERS_MAX} characters: {shortened(pattern)}")
    if text is None:
        return False
    if len(text) > TEXT_CHARACTERS_MAX:
        raise Refused(f"only texts up to {TEXT_CHARACTERS_MAX} characters are matched", "truncate(…) it first")
    first, *rest = pattern.split("*")
    if not rest:
        return len(text) == len(first) and _found(text, first, 0) == 0
    *middle, last = rest
    end = len(text) - len(last)
    if end < len(first) or _found(text, first, 0, len(first)) != 0 or _found(text, last, end) != end:
        return False
    return _in_order(text[:end], len(first), middle)


def _in_order(text: str, start: int, pieces: list[str]) -> bool:
    """The leftmost place of each piece is as good as any other: nothing is ever tried again."""
    for piece in pieces:
        place = _found(text, piece, start)
        if place < 0:
            return False
        start = place + len(piece)
    return True


def _found(text: str, piece: str, start: int, end: int = TEXT_CHARACTERS_MAX) -> int:
    found = _form(piece).search(text, start, end)
    return found.start() if found else -1


@lru_cache(maxsize=500)
def _form(piece: str) -> re.Pattern[str]:
    """A form of fixed length, without any repetition: it cannot go back and try again."""
    return re.compile("".join("." if sign == "?" else re.escape(sign) for sign in piece), re.DOTALL)


TRANSFORM = Transform(
    name="matches",
    title="Whether the whole text has this form: * stands for any characters, ? for one",
    group="conditions",
    signature="text: text, pattern: text -> bool",
    examples=(
        ("matches('INV-2024-7', 'INV-????-*')", True),
        ("matches('abc', 'a')", False),
        ("matches('a*c', 'a*c')", True),
        ("matches('abcabc', '*b?*bc')", True),
    ),
    function=matches,
    takes_nothing=True,
)
