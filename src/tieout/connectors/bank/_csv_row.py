"""One row of a bank's CSV export, read by the names of its columns (accounting C4)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tieout.connectors.bank._amounts import minor_units
from tieout.connectors.bank._asides import Aside, aside_of, is_nothing
from tieout.connectors.bank._columns import CsvColumns, read_day
from tieout.connectors.bank._directions import way_of
from tieout.connectors.bank._refusal import refusal, shown
from tieout.connectors.bank._statement import Booking
from tieout.kernel.failures import Failed
from tieout.kernel.money import exponent


class CsvRow:
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
        currency = self._currency()
        return Booking(
            self._number,
            columns.account,
            self._day(),
            self._amount(currency),
            currency,
            " ".join(filter(None, map(self._cell, columns.reference))),
            " ".join(filter(None, map(self._cell, columns.description))),
        )

    def balance(self) -> int | None:
        """What the account holds after this row, in minor units; None where the row does not say."""
        column = self._columns.balance
        return self._minor(column, self._currency()) if column and self._cell_or_none(column) else None

    def _currency(self) -> str:
        """Of the row, else of the account; the column is named when Stripe has no such currency."""
        column = self._columns.currency_column
        currency = (self._cell(column) or self._columns.currency).lower()
        try:
            exponent(currency)
        except ValueError as error:
            raise self._refused(column, str(error)) from None
        return currency

    def _day(self) -> str:
        column = self._columns.date
        try:
            return read_day(self._cell(column), self._pattern)
        except ValueError as error:
            raise self._refused(column, f"{error}; expected {self._columns.date_format}") from None

    def _amount(self, currency: str) -> int:
        columns = self._columns
        if columns.direction:
            return self._directed(currency)
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

    def _directed(self, currency: str) -> int:
        columns = self._columns
        way = way_of(self._cell(columns.direction), columns.money_in, columns.money_out)
        if not way:
            raise self._refused(
                columns.direction, "is no word for money in or out that is known; write them as money_in and money_out"
            )
        minor = self._minor(columns.amount, currency)
        if way > 0 and minor < 0:
            raise self._refused(columns.amount, f"is negative, but {columns.direction} says that money came in")
        return -abs(minor) if way < 0 else minor

    def aside(self) -> Aside:
        """What this row is when it is no line."""
        columns = self._columns
        amounts = [self._cell_or_none(one) for one in (columns.amount, columns.debit, columns.credit) if one]
        return aside_of(self._cell_or_none(columns.date), amounts, self._cells)

    def amounts(self) -> list[int]:
        """What stands in the columns of amounts, in minor units: of a total, or of a balance."""
        columns, currency = self._columns, self._currency()
        told = [one for one in (columns.amount, columns.debit, columns.credit) if one]
        return [self._minor(one, currency) for one in told if not is_nothing(self._cell_or_none(one))]

    def currency(self) -> str:
        """The currency of the row, or of the account where it does not say."""
        column = self._columns.currency_column
        return self._currency() if not column or self._cell_or_none(column) else self._columns.currency.lower()

    def _cell_or_none(self, column: str) -> str:
        place = self._places[column]
        return self._cells[place].strip() if place < len(self._cells) else ""

    def _nothing(self, column: str, currency: str) -> bool:
        return is_nothing(self._cell(column)) or self._minor(column, currency) == 0

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
