"""Fits a value to a target field: the right kind, short enough, exact enough, nothing invisible; or says what is wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from tieout.domain.mapping.errors import Refused, shortened, suggestion
from tieout.domain.mapping.field_map import TargetField
from tieout.domain.mapping.transforms import number as number_reading
from tieout.domain.mapping.transforms._moments import day
from tieout.domain.mapping.values import Value, named, plain

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
LINES: Final = "\n\r\t"
HIDDEN: Final = ("Cc", "Cs")
DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value cannot be written. ``field`` is its path in the record (``lines[2].item_id``), ``value`` is cut.

    ``rule`` is one of required, kind, length, decimals, characters, unknown, expression, inputs.
    """

    field: str
    value: str
    rule: str
    sentence: str


@dataclass(slots=True)
class Fitting:
    """Collects the problems of one record."""

    problems: list[Problem] = field(default_factory=list)

    def fit(self, target: TargetField, value: Value, path: str) -> Json:
        """The value as it is written: numbers as plain decimal text, dates as ISO text; None when it is left out."""
        if value is None or value == "":
            if target.required:
                self.refuse(path, value, "required", "is required, but there is nothing to write")
            return None
        return self._BY_KIND[target.kind](self, target, value, path)

    def refuse(self, path: str, value: Value, rule: str, complaint: str) -> None:
        """Notes a problem down."""
        self.problems.append(Problem(path, shown(value), rule, f"{path} {complaint}."))

    def _text(self, target: TargetField, value: Value, path: str) -> Json:
        if isinstance(value, (str, Decimal)) and not isinstance(value, bool):
            text = value if isinstance(value, str) else plain(value)
            self._check_text(target, text, path)
            return text
        return self._wrong_kind(path, value, "text", "if … then 'Y' else 'N' makes a text of it")

    def _check_text(self, target: TargetField, text: str, path: str) -> None:
        if target.length is not None and len(text) > target.length:
            complaint = f"is {len(text)} characters long, but takes {target.length}: {shortened(text)}"
            self.refuse(path, text, "length", f"{complaint}; truncate(…, {target.length}) would cut it")
        if any(one in DIRECTIONS or (unicodedata.category(one) in HIDDEN and one not in LINES) for one in text):
            self.refuse(path, text, "characters", "has characters that cannot be seen; cleanse(…) takes them out")

    def _number(self, target: TargetField, value: Value, path: str) -> Json:
        try:
            number = number_reading.number(value) if isinstance(value, str) else value
        except Refused:
            number = value
        if not isinstance(number, Decimal):
            return self._wrong_kind(path, value, "a number", "number(…) reads one from a text of digits")
        return self._exact(target, number, path)

    def _exact(self, target: TargetField, number: Decimal, path: str) -> Json:
        most = target.decimals
        if most is None or -int(number.as_tuple().exponent) <= most:
            return plain(number)
        whole, _, decimals = plain(number).partition(".")
        if decimals[most:].strip("0"):
            complaint = f"has more than {most} decimals: {plain(number)}; round(…, {most}) says how to round it"
            self.refuse(path, number, "decimals", complaint)
        return f"{whole}.{decimals[:most]}" if most else whole

    def _date(self, target: TargetField, value: Value, path: str) -> Json:
        try:
            return value.strip() if isinstance(value, str) and day(value) else self._no_date(path, value)
        except Refused:
            return self._no_date(path, value)

    def _no_date(self, path: str, value: Value) -> Json:
        return self._wrong_kind(path, value, "a date such as 2024-03-01", "date(…) makes one of epoch seconds")

    def _bool(self, target: TargetField, value: Value, path: str) -> Json:
        return (
            value if isinstance(value, bool) else self._wrong_kind(path, value, "true or false", "compare it: … = 'Y'")
        )

    def _list(self, target: TargetField, value: Value, path: str) -> Json:
        if not isinstance(value, list):
            return self._wrong_kind(path, value, "a list", "[…] makes a list of one")
        if target.required and not value:
            self.refuse(path, value, "required", "is required, but the list is empty")
        element = TargetField(target.name, "object" if target.fields else "any", required=True, fields=target.fields)
        return [self.fit(element, one, f"{path}[{place}]") for place, one in enumerate(value)]

    def _object(self, target: TargetField, value: Value, path: str) -> Json:
        if not isinstance(value, dict):
            return self._wrong_kind(path, value, "an object", "{name: …} makes one")
        if not target.fields:
            return self._free(target, value, path)
        known = {one.name: one for one in target.fields}
        for name in value.keys() - known.keys():
            hint = suggestion(name, known)
            self.refuse(
                f"{path}.{name}", value[name], "unknown", f"does not exist; {hint}" if hint else "does not exist"
            )
        fitted = {name: self.fit(one, value.get(name), f"{path}.{name}") for name, one in known.items()}
        return {name: one for name, one in fitted.items() if one is not None}

    def _free(self, target: TargetField, value: Value, path: str) -> Json:
        if isinstance(value, list):
            return self._list(TargetField(target.name, "list"), value, path)
        if isinstance(value, dict):
            fitted = {key: self.fit(TargetField(key, "any"), one, f"{path}.{key}") for key, one in value.items()}
            return {key: one for key, one in fitted.items() if one is not None}
        return value if isinstance(value, bool) else self._text(target, value, path)

    def _wrong_kind(self, path: str, value: Value, wanted: str, hint: str) -> Json:
        is_plain = isinstance(value, (str, Decimal, bool))
        found = f"{named(value)} ({shown(value)})" if is_plain else named(value)
        self.refuse(path, value, "kind", f"takes {wanted}, but this is {found}; {hint}")
        return None

    _BY_KIND: Final = {
        "text": _text,
        "number": _number,
        "date": _date,
        "bool": _bool,
        "list": _list,
        "object": _object,
        "any": _free,
    }


def shown(value: Value, characters: int = 80) -> str:
    """A value as a person reads it in a reason or a problem, cut."""
    text = _text_of(value, characters)
    return text if len(text) <= characters else text[: characters - 1] + "…"


def _text_of(value: Value, characters: int) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (bool, Decimal)):
        return plain(value) if isinstance(value, Decimal) else str(value).lower()
    if isinstance(value, str):
        return shortened(value, characters - 2)
    return _written(value, characters)


def _written(value: list[Value] | dict[str, Value], characters: int) -> str:
    few = max(characters // 8, 1)
    inner: Callable[[Value], str] = lambda one: _text_of(one, characters // 2) if few > 1 else "…"  # noqa: E731
    if isinstance(value, list):
        return "[" + ", ".join(inner(one) for one in value[:few]) + (", …]" if len(value) > few else "]")
    return "{" + ", ".join(f"{key[:40]}: {inner(value[key])}" for key in list(value)[:few]) + "}"
