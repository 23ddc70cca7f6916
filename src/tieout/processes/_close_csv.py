"""A section of a close pack as CSV: amounts as plain numbers with their currency beside them, no cell a formula (C9)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from tieout.domain.close.pack import MONEY, Cell, Column, Section
from tieout.kernel.money import Money
from tieout.kernel.spreadsheet import harmless


def csv_file(section: Section) -> bytes:
    """The section with a byte order mark, so that a spreadsheet reads it as UTF-8; one header line, then its rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([name for name, _ in _columns(section.columns)])
    for row in section.rows:
        writer.writerow([harmless(_text(row[place], name)) for name, place in _columns(section.columns)])
    return out.getvalue().encode("utf-8-sig")


def _columns(columns: tuple[Column, ...]) -> Iterator[tuple[str, int]]:
    """The titles and the cells they are from: before the first amounts in a currency, which currency that is."""
    told = {column.title for column in columns}
    for place, column in enumerate(columns):
        if column.kind == MONEY and column.of not in told:
            told.add(column.of)
            yield column.of, place
        yield column.title, place


def _text(cell: Cell, name: str) -> str:
    if isinstance(cell, Money):
        return cell.currency.upper() if name.endswith("currency") else format(cell.decimal(), "f")
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return "" if cell is None else str(cell)
