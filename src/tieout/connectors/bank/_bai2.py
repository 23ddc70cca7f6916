"""BAI2, what banks of the United States give businesses: the records of a previous-day report (accounting C4).

Amounts are whole and stand in the smallest unit of the currency. Every trailer's control total and counts must be right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tieout.connectors.bank._amounts import DIGITS_MAX
from tieout.connectors.bank._refusal import refusal, shown
from tieout.connectors.bank._statement import Balance, Booking, check_balance
from tieout.connectors.bank._text import decoded, lines
from tieout.kernel.failures import Failed
from tieout.kernel.money import WHOLE_HUNDREDS, exponent

CODES = ("01", "02", "03", "16", "49", "88", "98", "99")
OPENING, CLOSING = "010", "015"
NO_MONEY = "890"  # a message of the bank
RECORD_CHARS_MAX = 100_000
SUMMARY_FIELDS, DETAIL_FIELDS = 4, 3
GROUP_STATUS = {"2": "takes back an earlier report", "4": "is a test"}
SAME_DAY = "3"
PARTS_OF_S = 3
CONTROL_DIGITS_MAX = 20  # a sum of amounts may be longer than each


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its continuations joined: its number in the file, its code, and its fields."""

    number: int
    code: str
    fields: list[str]
    lines: int


@dataclass(slots=True)
class _Account:
    """What was said of an account so far, in the units of the file."""

    number: str = ""
    currency: str = ""
    total: int = 0
    lines: int = 0
    moved: int = 0
    known: dict[str, int] = field(default_factory=dict)


class Bai2File:
    """The accounts of one file, read while ``bookings`` is walked; ``balances`` is whole after that."""

    def __init__(self, name: str, content: bytes) -> None:
        self.balances: list[Balance] = []
        self._name, self._text = name, decoded(name, content)
        self._day, self._currency = "", "usd"
        self._record = Record(0, "", [], 0)
        self._totals: dict[str, list[int]] = {"98": [], "99": []}  # control totals of the accounts, of the groups
        self._lines: dict[str, int] = {"98": 0, "99": 0}
        self._account: _Account | None = None
        self._open: list[str] = []

    def bookings(self) -> Iterator[Booking]:
        """Every detail record. Failed(Fix) names the record, counted from 1, and the field."""
        for record in self._records():
            self._record, code = record, record.code
            self._count_lines()
            if code == "16":
                yield from self._detail()
            elif code in ("01", "02", "03"):
                self._begins({"01": self._file, "02": self._group, "03": self._begin_account}[code])
            else:
                self._ends(code)
        if self._open or not self._record.number:
            raise self._refused("99", "", "is missing: the file is cut off")

    def _records(self) -> Iterator[Record]:
        number, parts, chars = 0, list[str](), 0
        for line in map(str.rstrip, lines(self._text)):
            if not line.strip():
                continue
            if line[:2] not in CODES or line[2:3] not in (",", "/"):
                raise self._refused("record", line, "begins with no record code of BAI2")
            if line[:2] != "88":
                if parts:
                    yield _joined(number, parts)
                number, parts, chars = number + 1, [], 0
            elif not parts:
                raise self._refused("88", line, "continues nothing")
            parts.append(line)
            chars += len(line)
            if chars > RECORD_CHARS_MAX:
                raise self._refused("record", "", f"has more than {RECORD_CHARS_MAX:,} characters")
        if parts:
            yield _joined(number, parts)

    def _count_lines(self) -> None:
        self._lines["99"] += self._record.lines
        self._lines["98"] += self._record.lines
        if self._account:
            self._account.lines += self._record.lines

    def _begins(self, read: Callable[[], None]) -> None:
        outer = {"01": [], "02": ["01"], "03": ["01", "02"]}[self._record.code]
        if self._open != outer:
            raise self._refused(self._record.code, "", "stands where it does not belong")
        self._open.append(self._record.code)
        read()

    def _file(self) -> None:
        """Who sends and receives is not looked at; the version was, before."""

    def _group(self) -> None:
        status, day, currency, modifier = (self._field(place) for place in (2, 3, 5, 6))
        if status in GROUP_STATUS:
            raise self._refused("group status", status, f"{GROUP_STATUS[status]}. Import the report that holds")
        if modifier == SAME_DAY:
            sentence = (
                f"{self._name} is a report of a day that is not over (intraday). Download the previous-day report."
            )
            raise refusal("kind", sentence, "as-of-date modifier", modifier)
        try:
            if not (day.isascii() and len(day) == len("YYMMDD")):
                raise ValueError("expected YYMMDD")
            self._day = datetime.strptime(day, "%y%m%d").date().isoformat()  # noqa: DTZ007 - a bank's day has no zone
        except ValueError as error:
            raise self._refused("as-of date", day, f"is no day ({error})") from None
        self._currency = currency.lower() or "usd"
        self._lines["98"], self._totals["98"] = self._record.lines, []

    def _begin_account(self) -> None:
        account = self._account = _Account(self._field(0), self._field(1).lower() or self._currency)
        account.lines = self._record.lines
        if not account.number:
            raise self._refused("account", "", "is missing")
        try:
            exponent(account.currency)
        except ValueError as error:
            raise self._refused("currency", account.currency, str(error)) from None
        place = 2
        while place < len(self._record.fields):
            kind, amount = self._field(place), self._field(place + 1)
            place = self._after_funds(place + SUMMARY_FIELDS - 1)
            if amount:
                account.known[kind] = self._number("amount", amount)
                account.total += account.known[kind]

    def _detail(self) -> Iterator[Booking]:
        account = self._account
        if account is None:
            raise self._refused("16", "", "stands outside an account")
        kind, amount = self._field(0), self._number("amount", self._field(1) or "0")
        account.total += amount
        references = self._record.fields[self._after_funds(DETAIL_FIELDS - 1) :]
        if kind == NO_MONEY:
            return
        moved = self._way(kind) * amount
        account.moved += moved
        bank, customer, text = (*references[:2], "", "")[0], (*references[1:2], "")[0], ", ".join(references[2:])
        reference = next((one for one in (customer, bank) if one.strip("0 ")), "")
        words = " ".join((text, *(one for one in (bank, customer) if one != reference)))
        yield Booking(
            self._record.number, account.number, self._day, self._minor(account.currency, moved),
            account.currency, reference, words,
        )  # fmt: skip

    def _way(self, kind: str) -> int:
        """Money in or out, by the hundreds that the code lies in."""
        if len(kind) == len("000") and kind.isascii() and kind.isdecimal():
            if "100" <= kind <= "399" or "920" <= kind <= "959":
                return 1
            if "400" <= kind <= "699" or kind >= "960":
                return -1
        raise self._refused("type code", kind, "is neither a credit (100 to 399) nor a debit (400 to 699)")

    def _after_funds(self, place: int) -> int:
        """The place after the funds type and the days on which the money may be used."""
        kind = self._field(place).upper()
        if kind == "S":
            return place + 1 + PARTS_OF_S
        if kind == "V":
            return place + 3
        if kind == "D":
            days = self._number("availability", self._field(place + 1) or "0")
            if days < 0:
                raise self._refused("availability", str(days), "is no number of days")
            return place + 2 + 2 * days
        if kind not in ("", "0", "1", "2", "Z"):
            raise self._refused("funds type", kind, "is none of 0, 1, 2, S, V, D and Z")
        return place + 1

    def _ends(self, code: str) -> None:
        inner = {"49": "03", "98": "02", "99": "01"}[code]
        if not self._open or self._open[-1] != inner:
            raise self._refused(code, "", "stands where it does not belong")
        self._open.pop()
        if code == "49":
            self._end_account()
            return
        self._same("control total", self._field(0), sum(self._totals[code]))
        self._same("count", self._field(1), len(self._totals[code]))
        if self._field(2):
            self._same("number of records", self._field(2), self._lines[code])
        if code == "98":
            self._totals["99"].append(sum(self._totals["98"]))

    def _end_account(self) -> None:
        account = self._account
        assert account is not None
        self._same("control total", self._field(0), account.total)
        if self._field(1):
            self._same("number of records", self._field(1), account.lines)
        opening, closing = (
            None if kind not in account.known else self._minor(account.currency, account.known[kind])
            for kind in (OPENING, CLOSING)
        )
        balance = Balance(account.number, account.currency, opening, closing)
        check_balance(self._name, balance, self._minor(account.currency, account.moved))
        if opening is not None or closing is not None:
            self.balances.append(balance)
        self._totals["98"].append(account.total)
        self._account = None

    def _same(self, field_name: str, told: str, counted: int) -> None:
        said = self._number(field_name, told or "0")
        if said != counted:
            reason = (
                f"is not what the records before it make ({counted}; the difference is {said - counted}). "
                "Records are missing or doubled"
            )
            raise self._refused(field_name, told, reason, "balance")

    def _minor(self, currency: str, units: int) -> int:
        """In Stripe's minor unit, which of some currencies is a hundredth of the bank's."""
        return units * 100 if currency in WHOLE_HUNDREDS else units

    def _number(self, field_name: str, text: str) -> int:
        sign, digits = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
        if not (digits.isascii() and digits.isdecimal()):
            raise self._refused(field_name, text, "is no whole number")
        if len(digits.lstrip("0")) > (CONTROL_DIGITS_MAX if field_name == "control total" else DIGITS_MAX):
            raise self._refused(field_name, text, "has too many digits")
        return -int(digits.lstrip("0") or "0") if sign == "-" else int(digits.lstrip("0") or "0")

    def _field(self, place: int) -> str:
        fields = self._record.fields
        return fields[place].strip() if place < len(fields) else ""

    def _refused(self, field_name: str, value: str, reason: str, code: str = "bai2") -> Failed:
        where = f"record {self._record.number} ({self._record.code}): " if self._record.number else ""
        sentence = f"{self._name}: {where}{field_name} {shown(value)!r} {reason}. Export the file again."
        return refusal(code, sentence, field_name, value)


def _joined(number: int, parts: list[str]) -> Record:
    """A line that ends with a slash ends its field; one that does not goes on in the next."""
    text = []
    for place, part in enumerate(parts):
        body = part[3:] if part[2:3] == "," else ""
        if not part.endswith("/"):
            text += [body, " "]
            continue
        body = body.removesuffix("/")
        before = 2 if place == 0 else 0
        text += [body, _separator(body.split(",")[before:]) if parts[0].startswith("03") else ","]
    return Record(number, parts[0][:2], "".join(text).rstrip(" ").removesuffix(",").split(","), len(parts))


def _separator(fields: list[str]) -> str:
    """What stands between two lines of balances: some banks leave out the last funds type, some end it with a comma."""
    if {"S", "V", "D"} & set(fields):
        return ","
    if len(fields) % SUMMARY_FIELDS == 1 and len(fields) > 1 and not fields[-1]:
        return ""
    return ",," if len(fields) % SUMMARY_FIELDS == SUMMARY_FIELDS - 1 else ","
