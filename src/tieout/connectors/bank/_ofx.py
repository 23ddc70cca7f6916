"""OFX 1 (SGML) and 2 (XML): the few elements of a bank statement, read as a stream of tags (accounting C4).

A tag with text is a field, closed or not; of the others only the named aggregates count. Nothing is expanded or fetched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date

from tieout.connectors.bank._amounts import minor_units
from tieout.connectors.bank._refusal import refusal, shown
from tieout.connectors.bank._statement import Balance, Booking
from tieout.connectors.bank._text import decoded
from tieout.kernel.failures import Failed

TAG = re.compile(r"<(/?)([A-Za-z0-9._]+)(?:\s[^<>]*)?>([^<]*)")
STATEMENTS = ("STMTRS", "CCSTMTRS")
AGGREGATES = frozenset(
    (
        *STATEMENTS,
        "BANKACCTFROM",
        "CCACCTFROM",
        "STMTTRN",
        "LEDGERBAL",
        "AVAILBAL",
        "CURRENCY",
        "ORIGCURRENCY",
        "PAYEE",
        "BANKACCTTO",
        "CCACCTTO",
    )
)
ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM")
CDATA = "<![CDATA["
LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}")  # no character has such a number; nobody reckons with it
INVESTMENT = "INVSTMTRS"
DEPTH_MAX = 10

Fields = dict[tuple[str, str], str]  # (aggregate, field) to text


class OfxFile:
    """The statements of one file, read while ``bookings`` is walked; ``balances`` is whole after that."""

    def __init__(self, name: str, content: bytes) -> None:
        self.balances: list[Balance] = []
        self._name = name
        self._text = _without_sections(decoded(name, content))

    def bookings(self) -> Iterator[Booking]:
        """Every booked transaction. Failed(Fix) names the transaction, counted from 1, and the field."""
        open_ones: list[str] = []
        about: Fields = {}
        transaction: Fields = {}
        count, statements = 0, 0
        for found in TAG.finditer(self._text):
            closing, tag, text = found[1], found[2].upper(), found[3]
            if text.strip() and not closing and tag not in AGGREGATES:
                fields = transaction if "STMTTRN" in open_ones else about
                fields.setdefault((open_ones[-1] if open_ones else "", tag), _unescaped(text))
            elif tag in AGGREGATES and not closing:
                open_ones.append(tag)
                if len(open_ones) > DEPTH_MAX:
                    raise refusal(
                        "ofx", f"{self._name}: <{tag}> is opened again and again. Export the file again.", tag
                    )
                if tag in STATEMENTS:
                    about, statements = {}, statements + 1
            elif tag in open_ones:
                del open_ones[open_ones.index(tag) :]
                if tag == "STMTTRN":
                    count += 1
                    yield _Transaction(self._name, count, about, transaction).booking()
                    transaction = {}
                elif tag in STATEMENTS:
                    self._closing(about)
        if not statements and f"<{INVESTMENT}>" in self._text.upper():
            sentence = (
                f"{self._name} is an OFX file of an investment account (brokerage), whose cash Tieout does not match. "
                "Download the statement of the bank account that Stripe pays into."
            )
            raise refusal("kind", sentence, "file", INVESTMENT)
        if not statements or open_ones:
            raise refusal(
                "ofx", f"{self._name} holds no whole OFX bank statement. Export the file again from the bank."
            )

    def _closing(self, about: Fields) -> None:
        text = about.get(("LEDGERBAL", "BALAMT"))
        if text is None:
            return
        currency = _currency(self._name, about)
        try:
            closing = minor_units(text, currency, _mark(text))
        except ValueError as error:
            raise refusal(
                "ofx", f"{self._name}: LEDGERBAL {shown(text)!r} {error}. Export the file again.", "BALAMT", text
            ) from None
        self.balances.append(Balance(_account(self._name, about), currency, None, closing))


class _Transaction:
    """One STMTTRN of a statement."""

    def __init__(self, name: str, number: int, about: Fields, fields: Fields) -> None:
        self._name, self._number, self._about, self._fields = name, number, about, fields

    def booking(self) -> Booking:
        currency = self._fields.get(("CURRENCY", "CURSYM"), "").lower() or _currency(self._name, self._about)
        words = [("STMTTRN", "NAME"), ("PAYEE", "NAME"), ("STMTTRN", "MEMO")]
        return Booking(
            self._number,
            _account(self._name, self._about),
            self._day(),
            self._amount(currency),
            currency,
            self._fields.get(("STMTTRN", "REFNUM"), ""),
            " ".join(self._fields[field] for field in words if field in self._fields),
        )

    def _day(self) -> str:
        """The bank's own day, in whatever time zone the bank wrote it."""
        text = self._field("DTPOSTED")
        try:
            if not re.match("[0-9]{8}", text):
                raise ValueError("expected YYYYMMDD")
            return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
        except ValueError as error:
            raise self._refused("DTPOSTED", text, f"is no day ({error})") from None

    def _amount(self, currency: str) -> int:
        text = self._field("TRNAMT")
        try:
            return minor_units(text, currency, _mark(text))
        except ValueError as error:
            raise self._refused("TRNAMT", text, str(error)) from None

    def _field(self, tag: str) -> str:
        text = self._fields.get(("STMTTRN", tag))
        if text is None:
            raise self._refused(tag, "", "is missing")
        return text

    def _refused(self, tag: str, value: str, reason: str) -> Failed:
        sentence = f"{self._name}: transaction {self._number}: {tag} {shown(value)!r} {reason}. Export the file again."
        return refusal("ofx", sentence, tag, value)


def _account(name: str, about: Fields) -> str:
    account = next((about[each, "ACCTID"] for each in ACCOUNTS if (each, "ACCTID") in about), "")
    if not account:
        raise refusal(
            "ofx", f"{name}: ACCTID is missing before the first transaction. Export the file again.", "ACCTID"
        )
    return account


def _currency(name: str, about: Fields) -> str:
    currency = next((text for (_, tag), text in about.items() if tag == "CURDEF"), "")
    if not currency:
        raise refusal(
            "ofx", f"{name}: CURDEF is missing before the first transaction. Export the file again.", "CURDEF"
        )
    return currency.lower()


def _mark(text: str) -> str:
    """OFX allows point and comma, and no groups: the last of the two is the decimal mark."""
    return "," if text.rfind(",") > text.rfind(".") else "."


def _unescaped(text: str) -> str:
    return html.unescape(LONG_NUMBER.sub("\N{REPLACEMENT CHARACTER}", text)).strip()


def _without_sections(text: str) -> str:
    """CDATA sections as plain text."""
    first, *sections = text.split(CDATA)
    parts = (section.partition("]]>") for section in sections)
    return first + "".join(html.escape(inside) + after for inside, _, after in parts)
