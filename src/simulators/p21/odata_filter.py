"""Reads a $filter the way P21's data service does, quirks included (P21 facts §6.1).

``in`` is accepted and ignored, a column on the right side fails to convert, a literal of the wrong type is an error.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulators.p21.tables import Column, Row, fold
from simulators.p21.values import moment

Test = Callable[[Row], bool]
_TOKENS = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_$][\w/]*)|(?P<mark>[(),]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
}  # fmt: skip
_MATCH: dict[str, Callable[[str, str], bool]] = {
    "startswith": lambda whole, part: whole.startswith(part),
    "endswith": lambda whole, part: whole.endswith(part),
    "contains": lambda whole, part: part in whole,
    "substringof": lambda whole, part: part in whole,
}
_SAME = ("tolower", "toupper", "trim")
_EDM = {"text": "Edm.String", "number": "Edm.Decimal", "moment": "Edm.DateTimeOffset", "null": "null"}


class BadQuery(Exception):
    """The query is not understood; the text is what the service says."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A test, and, if only rows with certain values of one column can pass it, that column and those values."""

    test: Test
    column: str = ""
    values: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class _Literal:
    kind: str
    value: Any


def read_filter(text: str, column: Callable[[str], Column], indexed: Callable[[str], bool]) -> Condition:
    """Parse a filter; BadQuery when it is malformed. ``column`` must raise BadQuery for a name it does not know."""
    reading = _Reading(text, column, indexed)
    found = reading.either()
    reading.end()
    return found


class _Reading:
    def __init__(self, text: str, column: Callable[[str], Column], indexed: Callable[[str], bool]) -> None:
        self._tokens, self._at, self._column, self._indexed = _split(text), 0, column, indexed

    def either(self) -> Condition:
        found = self._both()
        while self._word("or"):
            found = _or(found, self._both())
        return found

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise BadQuery(f"Syntax error at '{self._tokens[self._at][1]}'.")

    def _both(self) -> Condition:
        found = self._single()
        while self._word("and"):
            found = self._and(found, self._single())
        return found

    def _and(self, left: Condition, right: Condition) -> Condition:
        narrow = left if (left.column and self._indexed(left.column)) or not right.column else right
        return Condition(lambda row: left.test(row) and right.test(row), narrow.column, narrow.values)

    def _single(self) -> Condition:
        if self._word("not"):
            inner = self._single()
            return Condition(lambda row: not inner.test(row))
        if self._mark("("):
            inner = self.either()
            self._must(")")
            return inner
        kind, word = self._next()
        if kind == "word" and word.lower() in _MATCH and self._mark("("):
            return self._call(word.lower())
        return self._comparison(kind, word)

    def _call(self, name: str) -> Condition:
        if name == "substringof":
            part = self._literal(*self._next())
            self._must(",")
            column = self._operand(*self._next())
        else:
            column = self._operand(*self._next())
            self._must(",")
            part = self._literal(*self._next())
        self._must(")")
        if self._word("eq"):
            self._next()
        if column.kind != "text" or part.kind != "text":
            raise BadQuery(
                f"No function signature for the function with name '{name}' matches the specified arguments."
            )
        match, wanted, key = _MATCH[name], part.value.lower(), column.name
        return Condition(lambda row: row[key] is not None and match(row[key].lower(), wanted))

    def _comparison(self, kind: str, word: str) -> Condition:
        column = self._operand(kind, word)
        _, verb = self._next()
        if verb.lower() == "in":
            self._skip_list()
            return Condition(lambda _: True)
        compare = _COMPARE.get(verb.lower())
        if compare is None:
            raise BadQuery(f"Syntax error: '{verb}' is not an operator.")
        literal = self._right(column)
        return _compared(column, verb.lower(), compare, literal)

    def _right(self, column: Column) -> _Literal:
        kind, word = self._next()
        if kind == "word" and word.lower() in _SAME and self._mark("("):
            literal = self._literal(*self._next())
            self._must(")")
            return literal
        if kind == "word" and word != "null":
            self._column(word)
            if column.kind == "text":
                return _Literal("text", word)
            raise BadQuery("Failed to convert parameter value from a String to a Decimal.")
        return self._literal(kind, word)

    def _operand(self, kind: str, word: str) -> Column:
        if kind != "word":
            raise BadQuery(f"Syntax error: '{word}' is not a property.")
        if word.lower() in _SAME and self._mark("("):
            column = self._operand(*self._next())
            self._must(")")
            return column
        return self._column(word)

    def _literal(self, kind: str, word: str) -> _Literal:
        if kind == "text":
            return _Literal(kind, word[1:-1].replace("''", "'"))
        if kind == "number":
            return _Literal(kind, Decimal(word))
        if kind == "moment":
            return _Literal(kind, moment(word, "$filter"))
        if word == "null":
            return _Literal("null", None)
        raise BadQuery(f"An unknown function with name '{word}' was found.")

    def _skip_list(self) -> None:
        self._must("(")
        while self._next()[1] != ")":
            pass

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise BadQuery("Syntax error: unexpected end of the expression.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _word(self, wanted: str) -> bool:
        return self._take("word", wanted)

    def _mark(self, wanted: str) -> bool:
        return self._take("mark", wanted)

    def _take(self, kind: str, wanted: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == (kind, wanted):
            self._at += 1
            return True
        return False

    def _must(self, wanted: str) -> None:
        if not self._mark(wanted):
            raise BadQuery(f"Syntax error: '{wanted}' expected.")


def _split(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        token = _TOKENS.match(text, at)
        if token is None:
            raise BadQuery(f"Syntax error at position {at} in '{text}'.")
        found.append((str(token.lastgroup), token[str(token.lastgroup)]))
        at = token.end()
    return found


def _compared(column: Column, verb: str, compare: Callable[[Any, Any], bool], literal: _Literal) -> Condition:
    key, wanted = column.name, fold(literal.value)
    if literal.kind == "null":
        return Condition(lambda row: compare(row[key] is None, True))
    if literal.kind != column.kind:
        kinds = f"'{_EDM[column.kind]}' and '{_EDM[literal.kind]}'"
        raise BadQuery(f"A binary operator with incompatible types was detected. Found operand types {kinds}.")
    narrow = (key, frozenset({wanted})) if verb == "eq" else ("", frozenset[Any]())
    return Condition(lambda row: row[key] is not None and compare(fold(row[key]), wanted), *narrow)


def _or(left: Condition, right: Condition) -> Condition:
    same = left.column and left.column == right.column
    narrow = (left.column, left.values | right.values) if same else ("", frozenset[Any]())
    return Condition(lambda row: left.test(row) or right.test(row), *narrow)
