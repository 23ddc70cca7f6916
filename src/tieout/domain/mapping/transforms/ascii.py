"""Only letters that every system knows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._arguments import within_text
from tieout.domain.mapping.transforms._transform import Transform

LETTERS: Final[Mapping[str, str]] = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "\u0131": "i", "ŋ": "n", "Ŋ": "N", "ħ": "h", "Ħ": "H",
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "«": '"', "»": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00d7": "x",
    "€": "EUR", "£": "GBP", "¥": "JPY", "©": "(c)", "®": "(r)", "°": " deg", "\u00a0": " ",
}  # fmt: skip


def ascii_text(text: str, instead: str | None) -> str:
    """Accents are taken off and common signs spelled out; ``instead`` ('?') stands for the rest."""
    other = "?" if instead is None else instead
    if not other.isascii():
        raise Refused("the replacement must be plain ASCII itself")
    within_text(len(text) * max(len(other), 1))
    return "".join(_spelled(one, other) for one in unicodedata.normalize("NFC", text))


def _spelled(character: str, other: str) -> str:
    if character.isascii():
        return character
    if character in LETTERS:
        return LETTERS[character]
    parts = [one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one)]
    return "".join(LETTERS.get(one, one if one.isascii() else other) for one in parts)


TRANSFORM = Transform(
    name="ascii",
    title="The text in plain ASCII: accents taken off, common signs spelled out, '?' or your own text for the rest",
    group="cleansing",
    signature="text: text, instead: text? -> text",
    examples=(
        ("ascii('Müller & Søn')", "Muller & Son"),
        ("ascii('日本')", "??"),
        ("ascii('5 € \u2013 日', '')", "5 EUR - "),
    ),
    function=ascii_text,
)
