"""Which column of a bank's CSV export is what: entered once for a bank account (accounting C4: the bank's own day)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from tieout.connectors.bank._amounts import GROUPED
from tieout.connectors.bank._refusal import refusal
from tieout.kernel.money import exponent

PARTS = {
    "yyyy": "(?P<year>[0-9]{4})",
    "yy": "(?P<short>[0-9]{2})",
    "MM": "(?P<month>[0-9]{1,2})",
    "dd": "(?P<day>[0-9]{1,2})",
}
DELIMITERS = ",;\t|"
ENCODINGS = tuple(
    "utf-8 utf-16 cp1250 cp1252 cp1257 iso-8859-1 iso-8859-2 iso-8859-15 cp850 mac-roman shift_jis gb18030 big5".split()
)
CENTURY = 2000
POSITION = re.compile(r"#([1-9][0-9]{0,2})")


@dataclass(frozen=True, slots=True)
class CsvColumns:
    """The columns by the names in the header row; Failed(Fix) says which setting does not fit.

    A column is named by its header, or by its place: ``#1`` is the first; a file whose columns are all named so has no header.
    Either ``amount`` (signed, money in is positive) or both ``debit`` and ``credit``. Where amounts have no sign,
    ``direction`` is the column that says which way (D or C, Af or Bij, Soll or Haben …); ``money_in`` and ``money_out`` are
    its words where they are others. ``description`` and ``reference``
    may be several columns each. ``balance`` is what the account holds after the row, and is checked. ``currency`` is
    the account's; ``currency_column`` wins where it has one. ``date_format`` is made of yyyy or yy, MM and dd.
    ``delimiter`` and ``encoding`` are found out when empty.
    """

    account: str
    currency: str
    date: str
    amount: str = ""
    debit: str = ""
    credit: str = ""
    currency_column: str = ""
    description: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    balance: str = ""
    date_format: str = "yyyy-MM-dd"
    decimal_mark: str = "."
    delimiter: str = ""
    encoding: str = ""
    direction: str = ""
    money_in: tuple[str, ...] = ()
    money_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check(bool(self.account), "account", self.account, "name the bank account that the file is of")
        _check(bool(self.date), "date", self.date, "name the column with the booking date")
        either = bool(self.amount) != bool(self.debit and self.credit) and bool(self.debit) == bool(self.credit)
        _check(either, "amount", self.amount, "name the amount column, or both debit and credit")
        _check(self.decimal_mark in GROUPED, "decimal_mark", self.decimal_mark, "write a point or a comma")
        delimits = not self.delimiter or (len(self.delimiter) == 1 and self.delimiter in DELIMITERS)
        _check(delimits, "delimiter", self.delimiter, "write a comma, semicolon, tab or bar, or leave it empty")
        _check(_known_currency(self.currency), "currency", self.currency, "write an ISO code such as usd")
        _check(self.encoding in ("", *ENCODINGS), "encoding", self.encoding, f"write one of {', '.join(ENCODINGS)}")
        way = not self.direction or bool(self.amount)
        _check(way, "direction", self.direction, "use it with the amount column; debit and credit say it themselves")
        both = bool(self.money_in) == bool(self.money_out) and (bool(self.direction) or not self.money_in)
        _check(both, "money_in", ", ".join(self.money_in), "write the words of the direction column, both ways")
        date_pattern(self.date_format)

    def names(self) -> tuple[str, ...]:
        """Every column that must be in the header row."""
        every = (
            self.date,
            self.amount,
            self.debit,
            self.credit,
            self.currency_column,
            self.balance,
            self.direction,
            *self.description,
            *self.reference,
        )
        return tuple(name for name in every if name)


def position(column: str) -> int | None:
    """The place, from 0, of a column that is named ``#1`` and so on; None for one that is named by its header."""
    found = POSITION.fullmatch(column)
    return int(found[1]) - 1 if found else None


def date_pattern(date_format: str) -> re.Pattern[str]:
    """The format as a pattern with the groups year or short, month and day."""
    pieces = re.split("(yyyy|yy|MM|dd)", date_format)
    parts = pieces[1::2]
    whole = sorted(parts) in (["MM", "dd", "yyyy"], ["MM", "dd", "yy"])
    _check(whole, "date_format", date_format, "write year, month and day once each, such as dd.MM.yyyy or MM/dd/yy")
    return re.compile("".join(PARTS.get(piece, re.escape(piece)) for piece in pieces))


def read_day(text: str, pattern: re.Pattern[str]) -> str:
    """The day as ``YYYY-MM-DD``. ValueError when the text does not fit or there is no such day; a time after it is dropped."""
    text = text.strip()
    found = pattern.match(text)
    if not found or text[found.end() : found.end() + 1] not in ("", " ", "T"):
        raise ValueError("does not fit the date format")
    parts = found.groupdict()
    year = int(parts["year"]) if "year" in parts else CENTURY + int(parts["short"])
    try:
        return date(year, int(parts["month"]), int(parts["day"])).isoformat()
    except ValueError as wrong:
        raise ValueError(f"is no day in that order ({wrong})") from None


def _known_currency(code: str) -> bool:
    try:
        return exponent(code) >= 0
    except ValueError:
        return False


def _check(fits: bool, setting: str, value: str, advice: str) -> None:
    if not fits:
        raise refusal(
            "columns", f"The setting {setting} ({value!r}) of the CSV columns does not fit: {advice}.", setting, value
        )
