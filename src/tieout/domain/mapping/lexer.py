"""Cuts the source of an expression into tokens; refuses what no expression may contain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.limits import DIGITS_MAX, SOURCE_CHARACTERS_MAX

KEYWORDS: Final = frozenset(["and", "or", "not", "if", "then", "else", "true", "false", "null", "in"])
ESCAPES: Final = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t"}
SPACE: Final = " \t\r\n"
# Every alternative starts with another character and none can match in two ways: linear in the source.
PIECE: Final = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<mark>=>|\?\?|<=|>=|!=|<>|==|[-+*/&=<>()\[\]{},.:|])",
    re.DOTALL,
)
FOREIGN: Final = {
    "!": "write not, or != for 'is not equal'",
    "?": "write if … then … else …, or ?? for a value to use instead of nothing",
    "%": "there is no remainder; use floor(a / b)",
    "^": "there are no powers",
    ";": "an expression is one value; separate the values of a list with commas",
}


class Kind(Enum):
    """What a token is; KEYWORD and MARK carry their own text."""

    NUMBER = "number"
    NAME = "name"
    TEXT = "text"
    MARK = "mark"
    KEYWORD = "keyword"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` as it means (a text without its quotes), and where it stands."""

    kind: Kind
    text: str
    start: int
    end: int

    def is_mark(self, *marks: str) -> bool:
        """Whether it is one of these signs or keywords."""
        return self.kind in (Kind.MARK, Kind.KEYWORD) and self.text in marks


def tokens(source: str) -> list[Token]:
    """The tokens and a last one of kind END; ExpressionError with the place of what is not part of the language."""
    if len(source) > SOURCE_CHARACTERS_MAX:
        raise ExpressionError(f"the expression is longer than {SOURCE_CHARACTERS_MAX} characters")
    found, at = [], _skipped(source, 0)
    while at < len(source):
        token = _token(source, at)
        found.append(token)
        at = _skipped(source, token.end)
    found.append(Token(Kind.END, "", len(source.rstrip(SPACE)), len(source)))
    return found


def _skipped(source: str, at: int) -> int:
    while at < len(source) and source[at] in SPACE:
        at += 1
    return at


def _token(source: str, at: int) -> Token:
    piece = PIECE.match(source, at)
    if piece is None:
        raise _unexpected(source, at)
    kind, text, end = Kind(piece.lastgroup), piece.group(), piece.end()
    if kind is Kind.TEXT:
        text = _unquoted(text, at)
    elif kind is Kind.NUMBER:
        _check_number(source, at, end)
    elif text in KEYWORDS:
        kind = Kind.KEYWORD
    return Token(kind, text, at, end)


def _unexpected(source: str, at: int) -> ExpressionError:
    character = source[at]
    if character in "'\"":
        return ExpressionError("the text is not closed", at, len(source), f"put {character} at its end")
    hint = FOREIGN.get(character)
    if not character.isascii() and character.isprintable():
        hint = "put a name with such characters in brackets: metadata['…']"
    return ExpressionError(f"unexpected character {character!r}", at, at + 1, hint)


def _unquoted(quoted: str, at: int) -> str:
    parts, rest = [], iter(enumerate(quoted[1:-1], at + 1))
    for place, character in rest:
        if character != "\\":
            parts.append(_printable(character, place))
            continue
        _, escaped = next(rest)
        if escaped not in ESCAPES:
            raise ExpressionError(
                f"unknown escape \\{escaped!r}"[:40], place, place + 2, "write \\\\ for one backslash"
            )
        parts.append(ESCAPES[escaped])
    return "".join(parts)


def _printable(character: str, place: int) -> str:
    if (character < " " and character not in SPACE) or "\ud800" <= character <= "\udfff" or character == "\x7f":
        raise ExpressionError(f"a text may not contain the character {character!r}", place, place + 1)
    return character


def _check_number(source: str, start: int, end: int) -> None:
    if end - start > DIGITS_MAX:
        raise ExpressionError(f"a number has at most {DIGITS_MAX} digits", start, end)
    if end < len(source) and (source[end].isalnum() or source[end] == "_"):
        raise ExpressionError("a number may not be followed by a letter", end, end + 1, "write * to multiply")
