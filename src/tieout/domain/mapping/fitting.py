"""Fits a value to a target field: right kind, short and exact enough, nothing invisible; or says what is wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from tieout.domain.mapping.errors import Refused, shortened, suggestion
from tieout.domain.mapping.field_map import TargetField
from tieout.domain.mapping.run_over import words_within
from tieout.domain.mapping.transforms._moments import day
from tieout.domain.mapping.transforms.number import number
from tieout.domain.mapping.values import Value, named, plain
from tieout.domain.remark import Remark

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
    cuts: list[Remark] = field(default_factory=list)

    def fit(self, target: TargetField, value: Value, path: str) -> Json:
        """The value as it is written: numbers as plain decimal text, dates as ISO text; None when it is left out."""
        if value is None or value == "":
            if target.required:
                self.refuse(path, value, "required", "is required, but there is nothing to write")
            return None
        return FITTERS[target.kind](self, target, value, path)

    def refuse(self, path: str, value: Value, rule: str, complaint: str) -> None:
        """Notes a problem down."""
        self.problems.append(Problem(path, shown(value), rule, f"{path} {complaint}."))

    def as_text(self, target: TargetField, value: Value, path: str) -> Json:
        """Text within the length, without what cannot be seen; a number becomes its digits."""
        if not isinstance(value, (str, Decimal)):
            return self._wrong_kind(path, value, "text", "if … then 'Y' else 'N' makes a text of true and false")
        text = value if isinstance(value, str) else plain(value)
        if target.length is not None and len(text) > target.length:
            text = self._within(target, target.length, text, path)
        if any(one in DIRECTIONS or (unicodedata.category(one) in HIDDEN and one not in LINES) for one in text):
            self.refuse(path, text, "characters", "has characters that cannot be seen; cleanse(…) takes them out")
        return text

    def _within(self, target: TargetField, length: int, text: str, path: str) -> str:
        if target.over:
            kept = words_within(text, length)
            why = f"P21 takes {length} characters of it, so {kept[:80]!r} was written"
            self.cuts.append(Remark(path, text, why, matters=target.over == "alert"))
            return kept
        complaint = f"is {len(text)} characters long, but takes {length}: {shortened(text)}"
        self.refuse(path, text, "length", f"{complaint}; {target.remedy or f'truncate(…, {length}) would cut it'}")
        return text

    def as_number(self, target: TargetField, value: Value, path: str) -> Json:
        """A number, or a text of plain digits, within the decimals."""
        try:
            if isinstance(value, (str, Decimal)):
                return self._exact(target, number(value), path)
        except Refused:
            pass
        return self._wrong_kind(path, value, "a number", "number(…) reads one from a text of digits")

    def _exact(self, target: TargetField, exact: Decimal, path: str) -> Json:
        most = target.decimals
        if most is None or -int(exact.as_tuple().exponent) <= most:
            return plain(exact)
        whole, _, decimals = plain(exact).partition(".")
        if decimals[most:].strip("0"):
            complaint = f"has more than {most} decimals: {plain(exact)}; round(…, {most}) says how to round it"
            self.refuse(path, exact, "decimals", complaint)
        return f"{whole}.{decimals[:most]}" if most else whole

    def as_date(self, target: TargetField, value: Value, path: str) -> Json:
        """A text that begins with a day, as it is."""
        try:
            if isinstance(value, str):
                day(value)
                return value.strip()
        except Refused:
            pass
        return self._wrong_kind(path, value, "a date such as 2024-03-01", "date(…) makes one of epoch seconds")

    def as_bool(self, target: TargetField, value: Value, path: str) -> Json:
        """true or false, nothing else."""
        if isinstance(value, bool):
            return value
        return self._wrong_kind(path, value, "true or false", "compare it: … = 'Y'")

    def as_list(self, target: TargetField, value: Value, path: str) -> Json:
        """Every element fitted; a place that holds nothing is refused, since the others would move up."""
        if not isinstance(value, list):
            return self._wrong_kind(path, value, "a list", "[…] makes a list of one")
        if target.required and not value:
            self.refuse(path, value, "required", "is required, but the list is empty")
        element = TargetField(target.name, "object" if target.fields else "any", required=True, fields=target.fields)
        return [self.fit(element, one, f"{path}[{place}]") for place, one in enumerate(value)]

    def as_object(self, target: TargetField, value: Value, path: str) -> Json:
        """Its fields fitted by name; unknown ones are refused."""
        if not isinstance(value, dict):
            return self._wrong_kind(path, value, "an object", "{name: …} makes one")
        if not target.fields:
            return self.as_given(target, value, path)
        known = {one.name: one for one in target.fields}
        for name in [name for name in value if name not in known]:
            hint = suggestion(name, known)
            complaint = f"does not exist; {hint}" if hint else "does not exist"
            self.refuse(f"{path}.{name[:60]}", value[name], "unknown", complaint)
        fitted = {name: self.fit(one, value.get(name), f"{path}.{name}") for name, one in known.items()}
        return {name: one for name, one in fitted.items() if one is not None}

    def as_given(self, target: TargetField, value: Value, path: str) -> Json:
        """Whatever it is, in the form it is written in."""
        if isinstance(value, list):
            return self.as_list(TargetField(target.name, "list"), value, path)
        if isinstance(value, dict):
            fitted = {
                name: self.fit(TargetField(name, "any"), one, f"{path}.{name[:60]}") for name, one in value.items()
            }
            return {name: one for name, one in fitted.items() if one is not None}
        return value if isinstance(value, bool) else self.as_text(target, value, path)

    def _wrong_kind(self, path: str, value: Value, wanted: str, hint: str) -> Json:
        is_plain = isinstance(value, (str, Decimal))
        found = f"{named(value)} ({shown(value)})" if is_plain else named(value)
        self.refuse(path, value, "kind", f"takes {wanted}, but this is {found}; {hint}")
        return None


FITTERS: Final[Mapping[str, Callable[[Fitting, TargetField, Value, str], Json]]] = {
    "text": Fitting.as_text,
    "number": Fitting.as_number,
    "date": Fitting.as_date,
    "bool": Fitting.as_bool,
    "list": Fitting.as_list,
    "object": Fitting.as_object,
    "any": Fitting.as_given,
}


def shown(value: Value, characters: int = 80) -> str:
    """A value as a person reads it in a reason or a problem, cut."""
    text = _text_of(value, characters)
    return text if len(text) <= characters else text[: characters - 1] + "…"


def _text_of(value: Value, characters: int) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    return shortened(value, characters - 2) if isinstance(value, str) else _written(value, characters)


def _written(value: list[Value] | dict[str, Value], characters: int) -> str:
    few = characters // 8
    if few == 0:
        return "…"
    more = ", …" if len(value) > few else ""
    if isinstance(value, list):
        return f"[{', '.join(_text_of(one, characters // 2) for one in value[:few])}{more}]"
    parts = [f"{name[:40]}: {_text_of(value[name], characters // 2)}" for name in list(value)[:few]]
    return f"{{{', '.join(parts)}{more}}}"
