"""Keeps card numbers and secrets out of whatever is stored, shown or logged; every rule takes linear time."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Final

_UNSEEN = r"\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffd\ud800-\udfff"
_CONTROL = re.compile(rf"[{_UNSEEN}]")
_LISTING = ",:*|+"  # they stand between the figures of a list too: only groups as cards have them count
_DIGITS = re.compile(rf"\+?\d(?:[\s._/\-·•\u2010-\u2015\u2212{_LISTING}{_UNSEEN}]{{0,3}}\d){{12,}}")

# The first two digits of a card number say whose it is, and so how long it is.
_LONG = (16, 17, 18, 19)
_LENGTHS: Final[Mapping[bytes, tuple[int, ...]]] = {
    **{b"4%d" % second: (13, 16, 19) for second in range(10)},
    **dict.fromkeys((b"51", b"52", b"53", b"54", b"55", b"22", b"23", b"24", b"25", b"26", b"27"), (16,)),
    **dict.fromkeys((b"34", b"37"), (15,)),
    **dict.fromkeys((b"30", b"36", b"38", b"39"), (14, 16, 19)),
    **dict.fromkeys((b"35", b"50", b"56", b"57", b"58", b"59", b"81"), _LONG),
    **{b"6%d" % second: _LONG for second in range(10)},
}
_USUAL = (15, 16)
SHORT_DIGITS_MAX = 14
_WHOLE = (13, 16, 17, 18, 19)  # of 14 and 15 digits only some beginnings are cards': networks number payments with 15
_GROUPED = ((4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1))
_ISSUED = re.compile(rb"4|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|3[47]|6011|64[4-9]|65")
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_SINGLE = bytes.maketrans(b"0123456789", bytes(range(10)))

_KEY = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/=]{8,}|[cC][ks]_[A-Za-z0-9]{24,})"
)
_TOKEN = re.compile(r"(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){0,4}")
_CLIENT_SECRET = re.compile(r"(?<=_secret_)[A-Za-z0-9]{12,}")
_BEARER = re.compile(
    r"(\bbearer[\s:]{1,3})(?:[A-Za-z0-9._~+/=-]{12,}|(?=[A-Za-z._~+/=-]{0,11}[0-9])[A-Za-z0-9._~+/=-]{8,})",
    re.IGNORECASE,
)
_BASIC = re.compile(r"(\bbasic[\s:]{1,3})([A-Za-z0-9+/]{4,1024}={0,2})", re.IGNORECASE)
_USER_OF_URL = re.compile(r"(?<=://)[^\s/?#]{1,256}@")


def redact(text: str) -> str:
    """The text without card numbers, with or without separators and whatever stands beside them, and without keys."""
    return _without_secrets(_DIGITS.sub(_without_cards, text))


def _without_secrets(text: str) -> str:
    lowered = text.lower()
    for mark, pattern, shown in _SECRETS:
        if mark in lowered:  # far cheaper than to look for each of them in every text
            text = pattern.sub(shown, text)
    return text


def redact_long(text: str) -> str:
    """The text without keys and without card numbers of more than 14 digits: article and order numbers are shorter, and one
    in ten of them looks like a card number."""
    return redact(text) if sum(map(str.isdecimal, text)) > SHORT_DIGITS_MAX else _without_secrets(text)


def printable(text: str) -> str:
    """The redacted text on one line, without control, bidirectional, zero-width or half characters (reliability G2, G7)."""
    one_line = text.replace("\r", " ").replace("\n", " ").replace("\t", " ")
    return redact(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", one_line))


def _without_cards(run: re.Match[str]) -> str:
    text, shown, done = run[0], list[str](), 0
    places = [place for place, one in enumerate(text) if one.isdecimal()]
    if text.startswith("+") and len(places) == 13:
        return text  # a telephone number
    digits = "".join(str(int(text[place])) for place in places).encode()
    for start, end in _merged(_cards(digits, places, text)):
        shown.append(f"{text[done : places[start]]}[card number …{digits[end - 4 : end].decode()}]")
        done = places[end - 1] + 1
    return "".join((*shown, text[done:]))


def _cards(digits: bytes, places: list[int], text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers begin and end among the digits of a run: the whole run, or from the start of any group on; a digit
    may stand before an issued number that goes to the end of a group."""
    if len(digits) in _WHOLE and digits[:1] in b"3456" and _luhn(digits) and _is_one(places, text):
        yield 0, len(digits)
    ends = {0, len(digits), *(place for place in range(1, len(places)) if places[place] > places[place - 1] + 1)}
    starts = set(ends)
    for start in range(len(digits)):
        for length in _LENGTHS.get(digits[start : start + 2], ()) if start in starts else ():
            end = start + length
            if end > len(digits) or not (end in ends or length in _USUAL) or not _luhn(digits[start:end]):
                continue
            if _is_one(places[start:end], text):
                starts.add(end)
                yield start, end
        if start - 1 in starts and start not in starts and _ISSUED.match(digits[start : start + 4]):
            yield from _behind_a_digit(digits, places, text, start, ends)


def _behind_a_digit(
    digits: bytes, places: list[int], text: str, start: int, ends: set[int]
) -> Iterator[tuple[int, int]]:
    end = start + (15 if digits[start : start + 1] == b"3" else 16)
    if end in ends and _luhn(digits[start:end]) and _is_one(places[start:end], text):
        yield start, end


def _is_one(places: list[int], text: str) -> bool:
    """Whether digits may be one number: what parts the figures of a list parts a card's groups alone."""
    between = text[places[0] : places[-1]]
    if not any(mark in between for mark in _LISTING):
        return True
    sizes, size = list[int](), 1
    for before, place in pairwise(places):
        if place == before + 1:
            size += 1
        else:
            sizes.append(size)
            size = 1
    return (*sizes, size) in _GROUPED or {*sizes, size} == {1}


def _merged(found: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _luhn(digits: bytes) -> bool:
    return (sum(digits[-1::-2].translate(_SINGLE)) + sum(digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def _without_login(found: re.Match[str]) -> str:
    """``Basic`` is a word too: only what opens to ``user:password`` is a login."""
    whole = found[2].rstrip("=")
    user, colon, _ = base64.b64decode(whole[: len(whole) - (len(whole) % 4 == 1)] + "===").partition(b":")
    return f"{found[1]}…" if colon and user.isascii() and user.decode().isprintable() else found[0]


def _kind_only(found: re.Match[str]) -> str:
    return f"{found[0][:8]}…"


_SECRETS: Final[tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    ("_", _KEY, _kind_only),
    ("eyj", _TOKEN, _kind_only),
    ("_secret_", _CLIENT_SECRET, "…"),
    ("bearer", _BEARER, r"\1…"),
    ("basic", _BASIC, _without_login),
    ("://", _USER_OF_URL, "…@"),
)
