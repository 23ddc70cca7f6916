"""Whether a text has a simple form."""

from __future__ import annotations

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._transform import Transform

PATTERN_CHARACTERS_MAX = 200
PATTERN_STARS_MAX = 5


def matches(text: str | None, pattern: str) -> bool:
    """``*`` stands for any characters, ``?`` for one; the whole text must match. False for nothing."""
    if len(pattern) > PATTERN_CHARACTERS_MAX or pattern.count("*") > PATTERN_STARS_MAX:
        raise Refused(f"a pattern has at most {PATTERN_CHARACTERS_MAX} characters and {PATTERN_STARS_MAX} stars")
    if text is None:
        return False
    first, *rest = pattern.split("*")
    if not rest:
        return len(text) == len(first) and _at(text, 0, first)
    last = rest.pop()
    if len(text) < len(first) + len(last) or not _at(text, 0, first) or not _at(text, len(text) - len(last), last):
        return False
    return _in_order(text[: len(text) - len(last)], len(first), rest)


def _in_order(text: str, start: int, pieces: list[str]) -> bool:
    """The leftmost place of each piece is as good as any other: no place is tried twice for one piece."""
    for piece in pieces:
        place = next((at for at in range(start, len(text) - len(piece) + 1) if _at(text, at, piece)), None)
        if place is None:
            return False
        start = place + len(piece)
    return True


def _at(text: str, start: int, piece: str) -> bool:
    return all(sign in ("?", text[start + offset]) for offset, sign in enumerate(piece))


TRANSFORM = Transform(
    name="matches",
    title="Whether the whole text has this form: * stands for any characters, ? for one",
    group="conditions",
    signature="text: text, pattern: text -> bool",
    examples=(
        ("matches('INV-2024-7', 'INV-????-*')", True),
        ("matches('abc', 'a')", False),
        ("matches('a*c', 'a*c')", True),
    ),
    function=matches,
    takes_nothing=True,
)
