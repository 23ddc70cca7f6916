"""What the columns of a table could be, from its header and its first rows: shown to a person, and used once confirmed (case P8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tieout.connectors.bank._amounts import minor_units
from tieout.connectors.bank._asides import is_date_like, is_nothing
from tieout.connectors.bank._columns import DELIMITERS, CsvColumns
from tieout.connectors.bank._csv_file import Row, csv_rows
from tieout.connectors.bank._directions import WORDS, word_of
from tieout.connectors.bank._profiles import Profile, profile_of
from tieout.connectors.bank._qif import is_qif, qif_rows
from tieout.connectors.bank._refusal import refusal
from tieout.connectors.bank._running_balance import Step, walked
from tieout.connectors.bank._text import decoded
from tieout.kernel.canonical import fingerprint
from tieout.kernel.failures import Failed
from tieout.kernel.money import CURRENCIES

ROWS_LOOKED_AT = 300
SHAPE_CHARS = 32
CHARS_LOOKED_AT = 200_000
HEADS: dict[str, tuple[str, ...]] = {
    "date": ("posting date", "post date", "posted date", "booking date", "buchungstag", "buchungsdatum", "boekdatum", "date posted",
             "transaction date", "date", "datum", "fecha", "data", "value date", "valuta"),
    "debit": ("debit", "debits", "debit amount", "withdrawal", "withdrawals", "withdrawal amount", "money out", "paid out", "soll",
              "belastung", "lastschrift", "af", "debet", "debe", "cargo", "cargos", "dare"),
    "credit": ("credit", "credits", "credit amount", "deposit", "deposits", "deposit amount", "money in", "paid in", "haben",
               "gutschrift", "bij", "haber", "abono", "abonos", "avere"),
    "amount": ("amount", "transaction amount", "betrag", "umsatz", "bedrag", "importe", "importo", "montant", "valor"),
    "balance": ("balance", "running balance", "running bal.", "running bal", "ledger balance", "saldo", "kontostand", "saldo na mutatie",
                "solde"),
    "currency_column": ("currency", "ccy", "währung", "munt", "divisa", "valuta", "devise"),
    "reference": ("reference", "ref", "reference number", "bank reference", "customer reference", "transaction id", "referenz",
                  "kundenreferenz"),
}  # fmt: skip
PARTS = re.compile(r"\s*([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})(?![0-9])")
WHOLE_DAY = re.compile(r"\s*[0-9]{8}(?![0-9])")
AMERICAN = ("usd",)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Guess:
    """Settings as they could be. ``bank`` is whose export it looks like, ``doubts`` say what the rows themselves do not decide."""

    columns: CsvColumns
    bank: str
    doubts: tuple[str, ...]


@dataclass(slots=True)
class _Sample:
    """The first rows of a table: its delimiter, its header (empty when it has none), and rows that look like lines."""

    delimiter: str
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def column(self, place: int) -> list[str]:
        return [row[place].strip() if place < len(row) else "" for row in self.rows]

    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def name(self, place: int) -> str:
        """How the column is named in settings: by its header where it has one of its own, else by its place."""
        keys = [_key(cell) for cell in self.header]
        told = self.header[place].strip() if place < len(self.header) else ""
        return told if told and keys.count(_key(told)) == 1 else f"#{place + 1}"


def shape_of(name: str, content: bytes, encoding: str = "") -> str:
    """What the files of one account have in common when they are exported alike: a fingerprint of header and delimiter."""
    sample = _sample(name, decoded(name, content, encoding))
    head = [_key(cell) for cell in sample.header] or [str(sample.width())]
    return fingerprint([sample.delimiter, *head])[:SHAPE_CHARS]


def guess_columns(name: str, content: bytes, account: str, currency: str = "") -> Guess:
    """What the columns are, as far as the file shows it. Failed(Fix) says what must be told."""
    sample = _sample(name, decoded(name, content))
    if not sample.rows:
        raise _untold(name, "has no row with a day and an amount")
    if profile := profile_of(tuple(_key(cell) for cell in sample.header)):
        return _of_profile(profile, sample, account, _currency(name, currency, sample, {}))
    places = _places(name, sample)
    known = _currency(name, currency, sample, places)
    order, doubts = _date_format(name, sample.column(places["date"]), known)
    named: dict[str, Any] = {part: sample.name(place) for part, place in places.items() if part != "reference"}
    columns = CsvColumns(
        account,
        known,
        date_format=order,
        decimal_mark=_decimal_mark(sample, places),
        delimiter=sample.delimiter if sample.delimiter in DELIMITERS else "",
        description=_descriptions(sample, places),
        reference=(sample.name(places["reference"]),) if "reference" in places else (),
        **named,
    )
    return Guess(columns, "", doubts)


def _of_profile(profile: Profile, sample: _Sample, account: str, currency: str) -> Guess:
    settings = dict(profile.settings)
    return Guess(CsvColumns(account, currency, delimiter=sample.delimiter, **settings), profile.bank, ())  # type: ignore[arg-type]


def _sample(name: str, text: str) -> _Sample:
    if is_qif(text):
        header, *rows = [cells for _, cells in islice(qif_rows(name, text), ROWS_LOOKED_AT)]
        return _Sample("qif", header, rows)
    text = text[:CHARS_LOOKED_AT]
    return max((_read(name, text, each) for each in DELIMITERS), key=lambda sample: (len(sample.rows), sample.width()))


def _read(name: str, text: str, delimiter: str) -> _Sample:
    rows = _parsed(name, text, delimiter)
    lines = [place for place, cells in enumerate(rows) if _is_line(cells)]
    above = rows[: lines[0]] if lines else rows
    width = len(rows[lines[0]]) if lines else 0
    header = next((cells for cells in reversed(above) if _is_header(cells, width)), [])
    return _Sample(delimiter, header, [rows[place] for place in lines])


def _parsed(name: str, text: str, delimiter: str) -> list[list[str]]:
    rows: list[Row] = []
    try:
        for row in islice(csv_rows(name, text, delimiter), ROWS_LOOKED_AT):
            rows.append(row)
    except Failed:  # the last row of a sample may be cut; a file that is no CSV is refused when it is read
        pass
    return [cells for _, cells in rows if any(cell.strip() for cell in cells)]


def _is_line(cells: Sequence[str]) -> bool:
    return any(map(is_date_like, cells)) and any(_is_amount(cell) and not WHOLE_DAY.match(cell) for cell in cells)


def _is_header(cells: Sequence[str], width: int) -> bool:
    told = [cell for cell in cells if cell.strip()]
    return len(told) > 1 and len(told) * 2 > width and not any(is_date_like(cell) or _is_amount(cell) for cell in told)


def _is_amount(cell: str) -> bool:
    for mark in ".,":
        try:
            minor_units(cell, "kwd", mark)
        except ValueError:
            continue
        return any(map(str.isdecimal, cell))
    return False


def _places(name: str, sample: _Sample) -> dict[str, int]:
    keys = [re.sub(r"\s*[(\[].*", "", _key(cell)) for cell in sample.header]
    places: dict[str, int] = {}
    for part, fits in FITS.items():
        for head in HEADS[part]:
            if part not in places and keys.count(head) == 1 and fits(sample.column(keys.index(head))):
                places[part] = keys.index(head)
    if "amount" in places or not {"debit", "credit"} <= set(places):
        places.pop("debit", 0), places.pop("credit", 0)
    _by_content(name, sample, places)
    if "amount" in places and not any("-" in cell or "(" in cell for cell in sample.column(places["amount"])):
        used = set(places.values())
        ways = (one for one in range(sample.width()) if one not in used and _all(_is_way, sample.column(one)))
        if (place := next(ways, None)) is not None:
            places["direction"] = place
    return places


def _by_content(name: str, sample: _Sample, places: dict[str, int]) -> None:
    """What no header tells: the first column of days, the one column of amounts, the balance that follows from them."""
    columns = {place: sample.column(place) for place in range(sample.width()) if place not in places.values()}
    if "date" not in places:
        days = [place for place, cells in columns.items() if _all(is_date_like, cells)]
        if not days:
            raise _untold(name, "has no column of days only")
        places["date"] = days[0]
    if "amount" in places or "debit" in places:
        return
    numbers = [
        place for place, cells in columns.items()
        if place != places["date"] and _all(_is_amount, cells) and not _all(str.isdecimal, cells) and not _all(is_date_like, cells)
    ]  # fmt: skip
    if len(numbers) == 1:
        places["amount"] = numbers[0]
        return
    pairs = [(one, other) for one in numbers for other in numbers if one != other and _leads(sample, one, other)]
    if len(pairs) != 1:
        raise _untold(name, "does not show which column is the amount")
    places["amount"], places["balance"] = pairs[0]


def _leads(sample: _Sample, amount: int, balance: int) -> bool:
    """Whether one column is the running balance of another."""
    mark = _decimal_mark(sample, {"amount": amount})
    cells = zip(sample.column(amount), sample.column(balance), strict=True)
    try:
        steps = [
            Step(row, minor_units(one, "kwd", mark), minor_units(other, "kwd", mark))
            for row, (one, other) in enumerate(cells)
        ]
        walked("", CsvColumns("-", "kwd", "-", amount="-"), "kwd", steps)
    except (ValueError, Failed):
        return False
    return len(steps) > 1


def _currency(name: str, told: str, sample: _Sample, places: dict[str, int]) -> str:
    if told:
        return told.lower()
    if "currency_column" in places:
        return sample.column(places["currency_column"])[0].lower()
    heads = re.findall(r"[(\[]([A-Za-z]{3})[)\]]", " ".join(sample.header))
    found: list[str] = [code.lower() for code in heads if code.lower() in CURRENCIES]
    if not found:
        raise _untold(name, "does not say its currency", "Say it with: --currency usd")
    return found[0]


def _date_format(name: str, days: Sequence[str], currency: str) -> tuple[str, tuple[str, ...]]:
    if all(WHOLE_DAY.match(day) for day in days):
        return "yyyyMMdd", ()
    found = [parts for day in days if (parts := PARTS.match(day))]
    if len(found) != len(days) or len({parts[2] for parts in found}) > 1:
        raise _untold(name, "writes its days in no order that is known")
    mark = found[0][2]
    if all(len(parts[1]) == len("2026") for parts in found):
        return f"yyyy{mark}MM{mark}dd", ()
    year = "yyyy" if all(len(parts[4]) == len("2026") for parts in found) else "yy"
    first, second = (max(int(parts[place]) for parts in found) for place in (1, 3))
    month_first = second > MONTHS or (first <= MONTHS and mark == "/" and currency in AMERICAN)
    doubts = ("which part of a day is the month",) if max(first, second) <= MONTHS and mark != "." else ()
    return (f"MM{mark}dd{mark}{year}" if month_first else f"dd{mark}MM{mark}{year}"), doubts


def _decimal_mark(sample: _Sample, places: dict[str, int]) -> str:
    cells = [cell for part in ("amount", "debit", "credit") if part in places for cell in sample.column(places[part])]
    commas = sum(bool(re.search(r",[0-9]{1,2}\D*$", cell)) for cell in cells)
    points = sum(bool(re.search(r"\.[0-9]{1,2}\D*$", cell)) for cell in cells)
    return "," if commas > points else "."


def _descriptions(sample: _Sample, places: dict[str, int]) -> tuple[str, ...]:
    """All that is left and says something: no days, no figures, not the same everywhere."""
    left = [place for place in range(sample.width()) if place not in places.values()]
    texts = [
        place
        for place in left
        if any(len(cell) > 1 and not _is_amount(cell) and not is_date_like(cell) for cell in sample.column(place))
    ]
    return tuple(dict.fromkeys(map(sample.name, texts)))


def _all(fits: Callable[[str], bool], cells: Sequence[str]) -> bool:
    return bool(cells) and all(map(fits, cells))


def _is_way(cell: str) -> bool:
    return word_of(cell) in WORDS


def _untold(name: str, what: str, advice: str = "") -> Failed:
    told = advice or "Say what its columns are in a file: --columns FILE"
    return refusal("no_columns", f"{name} {what}. {told}", "columns")


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


FITS: dict[str, Callable[[Sequence[str]], bool]] = {
    "date": lambda cells: _all(is_date_like, cells),
    "debit": lambda cells: all(is_nothing(cell) or _is_amount(cell) for cell in cells),
    "credit": lambda cells: all(is_nothing(cell) or _is_amount(cell) for cell in cells),
    "amount": lambda cells: all(is_nothing(cell) or _is_amount(cell) for cell in cells),
    "balance": lambda cells: all(is_nothing(cell) or _is_amount(cell) for cell in cells),
    "currency_column": lambda cells: _all(lambda cell: cell.lower() in CURRENCIES, cells),
    "reference": lambda cells: True,
}
