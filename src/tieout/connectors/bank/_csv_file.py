"""CSV exports of banks: the header is looked for, every refusal names row, column and value (accounting C4)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from tieout.connectors.bank._asides import Aside
from tieout.connectors.bank._columns import DELIMITERS, CsvColumns, date_pattern, position
from tieout.connectors.bank._csv_row import CsvRow
from tieout.connectors.bank._directions import Unsigned
from tieout.connectors.bank._qif import is_qif, qif_rows
from tieout.connectors.bank._refusal import refusal, shown
from tieout.connectors.bank._running_balance import Step, walked
from tieout.connectors.bank._statement import Balance, Booking
from tieout.connectors.bank._text import decoded
from tieout.kernel.failures import Failed
from tieout.kernel.money import Money

HEADER_ROWS_MAX = 40
ASIDES: dict[Aside, str] = {
    "words": "words of the bank",
    "balance": "a balance",
    "total": "a total, which is right",
    "pending": "not booked yet",
}

Row = tuple[int, list[str]]


class CsvFile:
    """The rows of one file, read while ``bookings`` is walked; ``balances`` and ``asides`` are whole after that."""

    def __init__(self, name: str, content: bytes, columns: CsvColumns) -> None:
        self.balances: list[Balance] = []
        self.asides: list[str] = []
        self._name, self._columns = name, columns
        self._rows = table_rows(name, content, columns)
        self._sums: dict[str, list[int]] = {}  # of each currency: money in, money out
        self._steps: dict[str, list[Step]] = {}

    def bookings(self) -> Iterator[Booking]:
        """The rows below the header, one after another. Failed(Fix) names the row as a text editor numbers it."""
        columns = self._columns
        header, places = _places(self._name, self._rows, columns)
        pattern = date_pattern(columns.date_format)
        unsigned = Unsigned(frozenset(places.values()))
        for number, cells in self._rows:
            if not any(cell.strip() for cell in cells) or cells == header:
                continue
            row = CsvRow(self._name, number, cells, places, columns, pattern)
            if aside := row.aside():
                self._leave_out(row, number, aside)
                continue
            booking = row.booking()
            unsigned.see(booking.amount, cells)
            self._sums.setdefault(booking.currency, [0, 0])[booking.amount < 0] += booking.amount
            self._steps.setdefault(booking.currency, []).append(Step(number, booking.amount, row.balance()))
            yield booking
        if columns.amount and not columns.direction and (place := unsigned.column()) is not None:
            raise self._directed(header[place] if place < len(header) and header[place] else f"#{place + 1}")
        if columns.balance:
            self.balances += [walked(self._name, columns, currency, its) for currency, its in self._steps.items()]

    def _leave_out(self, row: CsvRow, number: int, aside: Aside) -> None:
        """A row that is no line is told, and what it says of the lines must be right."""
        self.asides.append(f"row {number} ({ASIDES[aside]})")
        if aside == "balance" and self._columns.balance:
            self._steps.setdefault(row.currency(), []).append(Step(number, 0, row.balance()))
        if aside == "total":
            money_in, money_out = self._sums.get(row.currency(), [0, 0])
            fitting = {abs(one) for one in (money_in, money_out, money_in + money_out, money_in - money_out)}
            for told in row.amounts():
                if abs(told) not in fitting:
                    raise self._no_total(row.currency(), number, told, money_in + money_out)

    def _no_total(self, currency: str, number: int, told: int, made: int) -> Failed:
        total, lines, gap = (Money(currency, minor) for minor in (told, made, told - made))
        sentence = (
            f"{self._name}: row {number}: the total says {total}, but the lines before it make {lines}; the difference is"
            f" {gap}. Lines are missing or doubled: export the whole period again. If the row is a total of something else, delete it."
        )
        return refusal("balance", sentence, "total", str(total))

    def _directed(self, column: str) -> Failed:
        sentence = (
            f"{self._name}: no amount has a sign, and the column {shown(column)} says which way the money went."
            f" Name it in the columns: direction = {shown(column)!r}"
        )
        return refusal("direction", sentence, column)


def table_rows(name: str, content: bytes, columns: CsvColumns) -> Iterator[Row]:
    """The rows of a CSV or QIF file, with their numbers."""
    text = decoded(name, content, columns.encoding)
    if is_qif(text):
        return qif_rows(name, text)
    return csv_rows(name, text, columns.delimiter or _delimiter(text, columns))


def csv_rows(name: str, text: str, delimiter: str) -> Iterator[Row]:
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
    wanted = [_key(name) for name in columns.names() if position(name) is None]
    for line in text.split("\n", HEADER_ROWS_MAX)[:HEADER_ROWS_MAX]:
        if line.strip() and all(name in _key(line) for name in wanted):
            return max(DELIMITERS, key=line.count)
    return DELIMITERS[0]


def _places(name: str, rows: Iterator[Row], columns: CsvColumns) -> tuple[list[str], Mapping[str, int]]:
    """The header, and where each column is, by the first row that has them all; the rows above it are the bank's own words."""
    fixed = {wanted: place for wanted in columns.names() if (place := position(wanted)) is not None}
    named = [wanted for wanted in columns.names() if wanted not in fixed]
    if not named:
        return [], fixed
    best: list[str] = []
    for _ in range(HEADER_ROWS_MAX):
        _, cells = next(rows, (0, []))
        keys = [_key(cell) for cell in cells]
        found = [wanted for wanted in named if _key(wanted) in keys]
        best = max(best, found, key=len)
        if len(found) == len(named):
            _check_once(name, keys, named)
            return cells, {wanted: keys.index(_key(wanted)) for wanted in found} | fixed
    missing = [wanted for wanted in named if wanted not in best]
    sentence = (
        f"{name}: none of the first {HEADER_ROWS_MAX} rows has the column{'s' * (len(missing) > 1)} {', '.join(missing)}."
        " Correct the CSV columns of this account to the names in the file."
    )
    raise refusal("header", sentence, missing[0], ", ".join(missing))


def _check_once(name: str, keys: list[str], named: list[str]) -> None:
    for wanted in named:
        if keys.count(_key(wanted)) > 1:
            sentence = f"{name}: the header has the column {wanted} more than once. Rename one of them in the file."
            raise refusal("header", sentence, wanted, wanted)


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
