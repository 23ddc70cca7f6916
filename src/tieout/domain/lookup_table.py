"""Look-up tables: what a row may hold, what a file of rows says, and what separates two states of a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import exponent

ITEMS, CURRENCIES = "items", "currencies"
UNITS = "items_unit"
ROWS_MAX = 100_000
KEYS = ("key", "sku", "code")
VALUES = ("value", "item", "item_id", "account", "number", "currency_id")

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Row:
    """What a table says of a key; ``unit`` is of the table of items only."""

    value: str
    unit: str = ""


Rows = Mapping[str, Row]


def checked(name: str, key: str, row: Row) -> Row:
    """The row as it is kept. Failed(Fix) for a name, key or value that cannot be."""
    require_name(name)
    kept = Row(row.value.strip(), row.unit.strip())
    if not key.strip() or len(key) > 200 or not key.isprintable():
        raise _wrong("key", key, "is empty, too long or not printable")
    if not kept.value or len(kept.value) > 200 or not kept.value.isprintable():
        raise _wrong("value", kept.value, "is empty, too long or not printable")
    if kept.unit and (name != ITEMS or len(kept.unit) > 8):
        raise _wrong("unit", kept.unit, f"is of the table {ITEMS} only, and at most 8 characters")
    if name == CURRENCIES:
        _require_currency(key, kept.value)
    return kept


def require_name(name: str) -> None:
    """Failed(Fix) for what no table can be called."""
    if not _NAME.fullmatch(name) or name == UNITS:
        raise _wrong("name", name, "is no name of a table: small letters, digits and _, such as items")


def read_csv(name: str, text: str) -> dict[str, Row]:
    """The rows of a CSV file with a header: key, value and, for items, unit. Failed(Fix) names the line that is wrong."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = [column.strip().lower() for column in reader.fieldnames or ()]
        reader.fieldnames = header
        key, value = _column(header, KEYS), _column(header, VALUES)
        return _rows(name, reader, key, value)
    except csv.Error as error:
        raise _wrong("file", str(error), "is no CSV") from None


def differing(before: Rows, after: Rows) -> dict[str, Row | None]:
    """What turns one state into the other: rows to set, and None for those to take away."""
    changed: dict[str, Row | None] = {key: row for key, row in after.items() if before.get(key) != row}
    return changed | {key: None for key in before if key not in after}


def replayed(changes: Iterable[Mapping[str, Row | None]]) -> dict[str, Row]:
    """The state that a table had after these changes."""
    state: dict[str, Row] = {}
    for change in changes:
        for key, row in change.items():
            if row is None:
                state.pop(key, None)
            else:
                state[key] = row
    return state


def as_expressions_see(tables: Mapping[str, Rows]) -> dict[str, dict[str, str]]:
    """The tables as key to value; the units of items stand in a table of their own."""
    seen = {name: {key: row.value for key, row in rows.items()} for name, rows in tables.items()}
    units = {key: row.unit for key, row in tables.get(ITEMS, {}).items() if row.unit}
    return {**seen, UNITS: units} if units else seen


def _rows(name: str, reader: csv.DictReader[str], key: str, value: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for given in reader:
        line, called = reader.line_num, (given.get(key) or "").strip()
        if called in found:
            raise _wrong(f"line {line}", called, "stands twice")
        if len(found) >= ROWS_MAX:
            raise _wrong(f"line {line}", called, f"is beyond the {ROWS_MAX} rows that a table may have")
        try:
            found[called] = checked(name, called, Row(given.get(value) or "", given.get("unit") or ""))
        except Failed as error:
            raise _wrong(f"line {line}", called, f"cannot be used: {error.failure.sentence}") from None
    return found


def _column(header: list[str], names: tuple[str, ...]) -> str:
    found = next((name for name in names if name in header), "")
    if not found:
        raise _wrong("file", ", ".join(header), f"is a header without a column {names[0]} (or {', '.join(names[1:])})")
    return found


def _require_currency(code: str, number: str) -> None:
    try:
        exponent(code)
    except ValueError as error:
        raise _wrong("key", code, str(error)) from None
    if not number.isdecimal():
        raise _wrong("value", number, "is no number of P21's currency table")


def _wrong(field: str, value: str, why: str) -> Failed:
    sentence = f"{field} {value[:80]!r} {why}. Correct it, then do this again."
    return Failed(Fix("tables.row", sentence, field=field, value=value[:80]))
