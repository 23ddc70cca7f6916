"""Builds $filter texts that P21's data service really understands (P21 facts §6.1).

There is no ``in``: the service accepts it and returns every row. Literals are typed: a quoted number is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

FILTER_CHARACTERS_MAX = 1900
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
Literal = str | int | Decimal | date


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition; combine with ``&`` and ``|``."""

    text: str

    def __and__(self, other: Filter) -> Filter:
        return Filter(f"{self.text} and {other.text}")

    def __or__(self, other: Filter) -> Filter:
        return Filter(f"({self.text} or {other.text})")


def eq(column: str, value: Literal) -> Filter:
    """The column has that value."""
    return compare(column, "eq", value)


def gt(column: str, value: Literal) -> Filter:
    """The column is beyond that value."""
    return compare(column, "gt", value)


def compare(column: str, operator: str, value: Literal) -> Filter:
    """One comparison; ValueError for a column name or value that could not be meant."""
    if not _NAME.match(column):
        raise ValueError(f"{column!r} is not the name of a column")
    return Filter(f"{column} {operator} {literal(value)}")


def literal(value: Literal) -> str:
    """A value as the service reads it: quoted text, bare number, bare moment in UTC."""
    if isinstance(value, bool):
        raise ValueError("P21 columns hold Y and N, not true and false")
    if isinstance(value, str):
        if _CONTROL.search(value):
            raise ValueError(f"{value!r} has control characters; nothing in P21 has")
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00.000Z"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def any_of(column: str, values: Iterable[Literal], rest: Filter | None = None) -> tuple[Filter, ...]:
    """Chains of ``or`` over the values, as many filters as it takes to keep each under 1,900 characters."""
    room = FILTER_CHARACTERS_MAX - (len(rest.text) + 7 if rest else 2)
    chains = (Filter(f"({chain})") for chain in _chains(column, values, room))
    return tuple(chain & rest if rest else chain for chain in chains)


def _chains(column: str, values: Iterable[Literal], room: int) -> Iterator[str]:
    chain = ""
    for value in dict.fromkeys(values):
        term = eq(column, value).text
        longer = f"{chain} or {term}" if chain else term
        if chain and len(longer) > room:
            yield chain
            longer = term
        chain = longer
    if chain:
        yield chain
