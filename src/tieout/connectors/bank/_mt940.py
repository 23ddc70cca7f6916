"""MT940 (SWIFT), also called STA: the fields of a statement, with or without the envelope (accounting C4).

A field goes on until the next line that begins like one. Opening balance and lines make the closing one, page for page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tieout.connectors.bank._amounts import plain_minor_units
from tieout.connectors.bank._refusal import refusal, shown
from tieout.connectors.bank._statement import Balance, Booking, check_balance
from tieout.connectors.bank._text import decoded, lines
from tieout.kernel.failures import Failed

FIELD = re.compile(r":([0-9]{2}[A-Z]?|NS):(.*)", re.DOTALL)
ENVELOPE = re.compile(r"\x01?\{[1-5]:.*|-\}?(?:\{5:.*)?\s*|\s*\x03.*")
BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})([0-9]{1,15},?[0-9]{0,6})\s*")
LINE = re.compile(
    r"(?P<day>[0-9]{6})(?P<booked>[0-9]{4}|\s{4})?(?P<way>R?[CD])(?P<funds>[A-Z])?\s?(?P<amount>[0-9]{1,15},?[0-9]{0,6})"
    r"(?P<kind>[A-Z][A-Z0-9]{3})?(?P<rest>[^\n]*)(?P<more>.*)",
    re.DOTALL,
)
INTO_ACCOUNT = {"C": 1, "D": -1, "RD": 1, "RC": -1}  # R takes back: a reversed debit is money in
SUBFIELD = re.compile(r"\?[0-9]{2}")
NO_REFERENCE = frozenset(("NONREF", "NOTPROVIDED", "NOTAVAILABLE"))
FIELD_CHARS_MAX = 10_000
CENTURY = 2000
HALF_A_YEAR_MONTHS = 6


class Mt940File:
    """The statements of one file, read while ``bookings`` is walked; ``balances`` is whole after that."""

    def __init__(self, name: str, content: bytes) -> None:
        self.balances: list[Balance] = []
        self._name, self._text = name, decoded(name, content)
        self._count = 0
        self._opening: int | None = None
        self._clear()

    def bookings(self) -> Iterator[Booking]:
        """Every booked line. Failed(Fix) names the line, counted from 1, and the field."""
        waiting: str | None = None  # a statement line, whose words may follow it
        for tag, text in self._fields():
            if waiting is not None:
                yield self._booking(waiting, text if tag == "86" else "")
                waiting = None
            if tag == "61":
                waiting = text
            else:
                self._statement_field(tag, text)
        if waiting is not None:
            yield self._booking(waiting, "")
        if self._opening is not None:
            raise self._refused("62F", "", "is missing: the file ends within a statement")
        if not self.balances:
            raise self._refused("60F", "", "is missing: the file holds no whole statement")

    def _fields(self) -> Iterator[tuple[str, str]]:
        tag, parts, chars = "", list[str](), 0
        for line in lines(self._text):
            if (found := FIELD.match(line)) or ENVELOPE.fullmatch(line):
                if tag:
                    yield tag, "\n".join(parts)
                tag, parts, chars = (found[1], [found[2]], len(found[2])) if found else ("", [], 0)
            elif tag:
                parts.append(line)
                chars += len(line) + 1
            if chars > FIELD_CHARS_MAX:
                raise self._refused(tag, "", f"has more than {FIELD_CHARS_MAX:,} characters")
        if tag:
            yield tag, "\n".join(parts)

    def _statement_field(self, tag: str, text: str) -> None:
        if tag == "25":
            self._account = " ".join(text.split())
        elif tag in ("60F", "60M"):
            if self._opening is not None:
                raise self._refused("62F", "", "is missing before the next statement")
            self._currency, self._opening = self._balance(tag, text)
        elif tag in ("62F", "62M"):
            self._close(tag, text)

    def _close(self, tag: str, text: str) -> None:
        currency, closing = self._balance(tag, text)
        if self._opening is None or currency != self._currency:
            raise self._refused(tag, text, "closes what was not opened in this currency")
        balance = Balance(self._account, currency, self._opening, closing)
        check_balance(self._name, balance, self._moved)
        self.balances.append(balance)
        self._clear()

    def _clear(self) -> None:
        self._account, self._currency, self._moved, self._opening = "", "", 0, None

    def _balance(self, tag: str, text: str) -> tuple[str, int]:
        found = BALANCE.fullmatch(text)
        if not found:
            raise self._refused(tag, text, "is no balance; expected C or D, YYMMDD, currency and amount")
        amount = self._amount(tag, found[4], found[3])
        return found[3].lower(), amount if found[1] == "C" else -amount

    def _booking(self, text: str, words: str) -> Booking:
        self._count += 1
        found = LINE.fullmatch(text)
        if not found:
            raise self._refused("61", text, "is no statement line")
        if not self._account or self._opening is None:
            raise self._refused("60F" if self._account else "25", "", "is missing before the first line")
        amount = INTO_ACCOUNT[found["way"]] * self._amount("61", found["amount"], self._currency)
        self._moved += amount
        reference, others = _references(found["rest"])
        told = " ".join((SUBFIELD.sub(" ", words), found["more"], others))
        return Booking(self._count, self._account, self._day(found), amount, self._currency, reference, told)

    def _day(self, found: re.Match[str]) -> str:
        """The day of the booking, whose year is the value date's or the one beside it; else the value date (C4)."""
        value, booked = found["day"], (found["booked"] or "").strip()
        try:
            year, month = CENTURY + int(value[:2]), int(value[2:4])
            valued = date(year, month, int(value[4:]))
            if not booked:
                return valued.isoformat()
            apart = int(booked[:2]) - month
            year += (apart < -HALF_A_YEAR_MONTHS) - (apart > HALF_A_YEAR_MONTHS)
            return date(year, int(booked[:2]), int(booked[2:])).isoformat()
        except ValueError as error:
            raise self._refused("61", value + booked, f"is no day ({error})") from None

    def _amount(self, tag: str, text: str, currency: str) -> int:
        try:
            return plain_minor_units(text.replace(",", "."), currency)  # the comma is always the decimal mark here
        except ValueError as error:
            raise self._refused(tag, text, str(error)) from None

    def _refused(self, tag: str, value: str, reason: str) -> Failed:
        where = f"line {self._count}: " if self._count else ""
        sentence = f"{self._name}: {where}field :{tag}: {shown(value)!r} {reason}. Export the file again."
        return refusal("mt940", sentence, tag, value)


def _references(rest: str) -> tuple[str, str]:
    """The reference that the customer gave, else the bank's; and the other, which is kept among the words."""
    own, _, banks = rest.partition("//")
    real = [each for one in (own, banks) if (each := " ".join(one.split())) and each.upper() not in NO_REFERENCE]
    return (real[0], " ".join(real[1:])) if real else ("", "")
