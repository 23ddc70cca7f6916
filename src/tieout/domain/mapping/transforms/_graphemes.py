"""Where a text may be cut without taking a character apart: accents, joined emoji, flags, Hangul syllables."""

from __future__ import annotations

import unicodedata

JOINER = "\u200d"


def cut(text: str, length: int) -> str:
    """At most ``length`` code points of ``text``, ending where a reader sees the end of a character."""
    if len(text) <= length:
        return text
    end = length
    while end > 0 and _joins(text, end):
        end -= 1
    return text[:end]


def _joins(text: str, at: int) -> bool:
    """Whether the code points before and at ``at`` are one character for a reader."""
    before, after = text[at - 1], text[at]
    if JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or (before == "\r" and after == "\n"):
        return True
    if _is_flag_half(before) and _is_flag_half(after):
        return _flag_halves_before(text, at) % 2 == 1
    return _is_jamo(before) and _is_trailing_jamo(after)


def _flag_halves_before(text: str, at: int) -> int:
    count = 0
    while count < at and _is_flag_half(text[at - 1 - count]):
        count += 1
    return count


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff" or "\uac00" <= character <= "\ud7a3"


def _is_trailing_jamo(character: str) -> bool:
    return "\u1160" <= character <= "\u11ff"
