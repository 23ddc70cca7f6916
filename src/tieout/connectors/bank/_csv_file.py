"""CSV exports of banks: the header is looked for, every refusal names row, column and value (accounting C4)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from tieout.connectors.bank._amounts import minor_units
from tieout.connectors.bank._columns import DELIMITERS, CsvColumns, date_pattern, read_day
from tieout.connectors.bank._refusal import refusal, shown
from tieout.connectors.bank._statement import Booking
from tieout.connectors.bank._text import decoded
from tieout.kernel.failures import Failed

HEADER_ROWS_MAX = 40
NO_AMOUNT = ("", "-")

Row = tuple[int, list[str]]


def csv_bookings(name: str, content: bytes, columns: CsvColumns) -> Iterator[Booking]:
    """The rows below the header, one after another. Failed(Fix) names the row as a text editor numbers it."""
    text = decoded(name, content, columns.encoding)
    rows = _rows(name, text, columns.delimiter or _delimiter(text, columns))
    places = _places(name, rows, columns)
    pattern = date_pattern(columns.date_format)
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            yield _Reading(name, number, cells, places, columns, pattern).booking()


def _rows(name: str, text: str, delimiter: str) -> Iterator[Row]:
    """Each row with the number of its last line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            sentence = (
                f"{name}: line {reader.line_num} is no CSV ({error}). Export the file again, or check its quotes."
            )
            raise refusal("csv", sentence, "row", str(reader.line_num)) from None
        if cells is None:
            return
        yield reader.line_num, cells


def _delimiter(text: str, columns: CsvColumns) -> str:
    """The one that parts a line which holds all the names."""
    wanted = [_key(name) for name in columns.names()]
    for line in text.split("\n", HEADER_ROWS_MAX)[:HEADER_ROWS_MAX]:
        if all(name in _key(line) for name in wanted):
            return max(DELIMITERS, key=line.count)
    return DELIMITERS[0]


def _places(name: str, rows: Iterator[Row], columns: CsvColumns) -> Mapping[str, int]:
    """Where each column is, by the first row that has them all; the rows above it are the bank's own words."""
    best: list[str] = []
    for _ in range(HEADER_ROWS_MAX):
        _, cells = next(rows, (0, []))
        keys = [_key(cell) for cell in cells]
        found = [wanted for wanted in columns.names() if _key(wanted) in keys]
        best = max(best, found, key=len)
        if len(found) == len(columns.names()):
            _check_once(name, keys, columns)
            return {wanted: keys.index(_key(wanted)) for wanted in found}
    missing = [wanted for wanted in columns.names() if wanted not in best]
    sentence = (
        f"{name}: none of the first {HEADER_ROWS_MAX} rows has the column{'s' * (len(missing) > 1)} {', '.join(missing)}."
        " Correct the CSV columns of this account to the names in the file."
    )
    raise refusal("header", sentence, missing[0], ", ".join(missing))


def _check_once(name: str, keys: list[str], columns: CsvColumns) -> None:
    for wanted in columns.names():
        if keys.count(_key(wanted)) > 1:
            sentence = f"{name}: the header has the column {wanted} more than once. Rename one of them in the file."
            raise refusal("header", sentence, wanted, wanted)


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


class _Reading:
    """One row, read by the names of its columns."""

    def __init__(
        self,
        name: str,
        number: int,
        cells: list[str],
        places: Mapping[str, int],
        columns: CsvColumns,
        pattern: re.Pattern[str],
    ) -> None:
        self._name, self._number, self._cells, self._places = name, number, cells, places
        self._columns, self._pattern = columns, pattern

    def booking(self) -> Booking:
        columns = self._columns
        currency = (self._cell(columns.currency_column) or columns.currency).lower()
        return Booking(
            self._number,
            columns.account,
            self._day(),
            self._amount(currency),
            currency,
            " ".join(filter(None, map(self._cell, columns.reference))),
            " ".join(filter(None, map(self._cell, columns.description))),
        )

    def _day(self) -> str:
        column = self._columns.date
        try:
            return read_day(self._cell(column), self._pattern)
        except ValueError as error:
            raise self._refused(column, f"{error}; expected {self._columns.date_format}") from None

    def _amount(self, currency: str) -> int:
        columns = self._columns
        if columns.amount:
            return self._minor(columns.amount, currency)
        given = [column for column in (columns.debit, columns.credit) if not self._nothing(column, currency)]
        if len(given) != 1:
            reason = "debit and credit both hold an amount" if given else "neither debit nor credit holds an amount"
            raise self._refused(columns.debit, f"{reason}; exactly one must")
        minor = self._minor(given[0], currency)
        if given[0] == columns.debit:
            return -abs(minor)
        if minor < 0:
            raise self._refused(columns.credit, "is negative; money out belongs into debit")
        return minor

    def _nothing(self, column: str, currency: str) -> bool:
        return self._cell(column) in NO_AMOUNT or self._minor(column, currency) == 0

    def _minor(self, column: str, currency: str) -> int:
        try:
            return minor_units(self._cell(column), currency, self._columns.decimal_mark)
        except ValueError as error:
            raise self._refused(column, str(error)) from None

    def _cell(self, column: str) -> str:
        if not column:
            return ""
        if self._places[column] >= len(self._cells):
            raise self._refused(column, "is missing; the row is too short", value="")
        return self._cells[self._places[column]].strip()

    def _refused(self, column: str, reason: str, value: str | None = None) -> Failed:
        told = self._cell(column) if value is None else value
        sentence = f"{self._name}: row {self._number}, column {column}: {shown(told)!r} {reason}. Correct the row or the CSV columns."
        return refusal("row", sentence, column, told)
