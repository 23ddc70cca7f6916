"""What was typed into a window: the edits of one TransactionSet entry, with the rules of typing (P21 facts §4.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.p21.refusals import Refused
from simulators.p21.values import flag, text
from simulators.p21.windows import Element, Field, Window

Typed = dict[str, str]


@dataclass(frozen=True, slots=True)
class Entered:
    """One element as it was typed: rows of meaning → text, in the order sent."""

    element: Element
    rows: Sequence[Typed]


def entered(window: Window, elements: Any, codes: bool, ignore_disabled: bool) -> list[Entered]:
    """The typed elements; Refused as the window would: unknown names, disabled columns, bad keys."""
    found = []
    for sent in elements if isinstance(elements, list) else ():
        element = window.elements.get(text(sent.get("Name")))
        if element is None:
            raise Refused(f"General Exception: Data element not found: {sent.get('Name')}", synthetic=True)
        rows = [_row(element, row, codes, ignore_disabled) for row in sent.get("Rows") or ()]
        keys = _keys(element, sent.get("Keys") or (), rows)
        found.append(Entered(element, _collapsed(rows, keys)))
    return found


def _row(element: Element, row: Mapping[str, Any], codes: bool, ignore_disabled: bool) -> Typed:
    typed: Typed = {}
    for edit in row.get("Edits") or ():
        name, value = text(edit.get("Name")), text(edit.get("Value"))
        field = element.fields.get(name)
        if field is None:
            raise Refused(f"General Exception: Invalid column name: {name}")
        if field.disabled and not ignore_disabled:
            raise Refused(f"General Exception: Column is disabled: {name}")
        if not field.disabled and not (edit.get("IgnoreIfEmpty") and not value):
            typed[field.meaning] = _checkbox(field, value, codes) if field.checkbox else value
    return typed


def _checkbox(field: Field, value: str, codes: bool) -> str:
    if value not in (("Y", "N") if codes else ("ON", "OFF")):
        raise Refused(f"General Exception: Invalid value for column {field.name}: {value}", synthetic=True)
    return flag(value)


def _keys(element: Element, asked: Sequence[Any], rows: Sequence[Typed]) -> list[str]:
    keys = []
    for name in map(text, asked):
        if name not in element.fields:
            raise Refused(f"General Exception: Invalid column name: {name}")
        meaning = element.fields[name].meaning
        if any(meaning not in row for row in rows):
            raise Refused("General Exception: Sequence contains no matching element")
        keys.append(meaning)
    return keys or [element.fields[name].meaning for name in element.keys]


def _collapsed(rows: Sequence[Typed], keys: Sequence[str]) -> list[Typed]:
    if not keys:
        return list(rows)
    kept: dict[Any, Typed] = {}
    for place, row in enumerate(rows):
        known = tuple(row.get(key) for key in keys)
        at: Any = known if any(known) else place
        kept[at] = {**kept.get(at, {}), **row}
    return list(kept.values())
