"""CSV exports of banks: the header is looked for, every refusal names row, column and value (accounting C4)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from tieout.connectors.bank._columns import DELIMITERS, CsvColumns, date_pattern
from tieout.connectors.bank._csv_row import CsvRow
from tieout.connectors.bank._refusal import refusal
from tieout.connectors.bank._running_balance import Step, walked
from tieout.connectors.bank._statement import Balance, Booking
from tieout.connectors.bank._text import decoded

HEADER_ROWS_MAX = 40

Row = tuple[int, list[str]]


class CsvFile:
    """The rows of one file, read while ``bookings`` is walked; ``balances`` is whole after that."""

    def __init__(self, name: str, content: bytes, columns: CsvColumns) -> None:
        self.balances: list[Balance] = []
        self._name, self._columns = name, columns
        self._text = decoded(name, content, columns.encoding)

    def bookings(self) -> Iterator[Booking]:
        """The rows below the header, one after another. Failed(Fix) names the row as a text editor numbers it."""
        columns = self._columns
        rows = _rows(self._name, self._text, columns.delimiter or _delimiter(self._text, columns))
        places = _places(self._name, rows, columns)
        pattern = date_pattern(columns.date_format)
        steps: dict[str, list[Step]] = {}
        for number, cells in rows:
            if any(cell.strip() for cell in cells):
                row = CsvRow(self._name, number, cells, places, columns, pattern)
                booking = row.booking()
                steps.setdefault(booking.currency, []).append(Step(number, booking.amount, row.balance()))
                yield booking
        if columns.balance:
            self.balances += [walked(self._name, columns, currency, its) for currency, its in steps.items()]


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
