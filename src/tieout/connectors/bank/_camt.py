"""camt.053 of ISO 20022, versions .02 to .14: the few elements of a statement, as a stream (accounting C4).

What is booked is the entry; the transactions of a batch only lend their references and words. A DTD is refused.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from tieout.connectors.bank._amounts import plain_minor_units
from tieout.connectors.bank._columns import date_pattern, read_day
from tieout.connectors.bank._refusal import refusal, shown
from tieout.connectors.bank._statement import Balance, Booking, check_balance
from tieout.kernel.failures import Failed

NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1[0-4])\}Document")
OTHER_MESSAGE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(camt|pain|pacs)\.([0-9]{3})\.[0-9.]{1,9}\}Document")
OTHERS = {
    "camt.052": "a camt.052 report, which shows a day that is not over. Download the statement of the day, camt.053",
    "camt.054": "a camt.054 advice of single credits or debits, without balances. Download the statement, camt.053",
    "camt.060": "a camt.060 request for a statement. Download the statement itself, camt.053",
}
DEPTH_MAX = 40
ELEMENTS_MAX = 3_000_000  # of a file: 200,000 entries of fifteen elements, or 50,000 of sixty
ENTRY_ELEMENTS_MAX = 100_000  # of one entry, which is kept whole while it is read
OTHER_ELEMENTS_MAX = 100_000  # heads, accounts and balances of all statements
STATEMENT_DEPTH = 3  # Document, message, statement: below that lie its parts
ISO_DAY = date_pattern("yyyy-MM-dd")
ISO_DAY_CHARS = 10
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
REFERENCES = ("EndToEndId", "TxId", "InstrId", "PmtInfId", "AcctSvcrRef", "ChqNb", "UETR")
NO_REFERENCE = frozenset(("NOTPROVIDED", "NOTAVAILABLE", "NONREF"))
WORDS = (
    "AddtlNtryInf",
    "NtryDtls/TxDtls/RmtInf/Ustrd",
    "NtryDtls/TxDtls/AddtlTxInf",
    "NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref",
)


class CamtFile:
    """The statements of one file, read while ``bookings`` is walked; ``balances`` is whole after that."""

    def __init__(self, name: str, content: bytes) -> None:
        self.balances: list[Balance] = []
        self._name, self._content = name, content
        self._account, self._count = "", 0
        self._known: dict[str, tuple[str, int]] = {}  # balance type to currency and amount
        self._moved: Counter[str] = Counter()

    def bookings(self) -> Iterator[Booking]:
        """Every booked entry. Failed(Fix) names the entry, counted from 1, and the element."""
        path: list[Element] = []
        statements = 0
        for event, element in self._counted_events(path):
            if event == "start":
                if not path and not NAMESPACE.fullmatch(element.tag):
                    raise self._other_document(element.tag)
                path.append(element)
                if len(path) > DEPTH_MAX:
                    raise self._refused("depth", element.tag, f"lies deeper than {DEPTH_MAX} elements")
                element.tag = element.tag.rpartition("}")[2]
                continue
            path.pop()
            if element.tag == "Stmt":
                statements += 1
                self._close_statement()
            elif path and path[-1].tag == "Stmt":
                yield from self._part(element)
            if path and not any(one.tag == "Stmt" for one in path[:-1]):
                path[-1].clear()  # what was read is let go, so that memory does not grow with the file
        if not statements:
            raise self._refused("Stmt", "", "is missing: the file holds no statement")

    def _counted_events(self, path: list[Element]) -> Iterator[tuple[str, Element]]:
        """The events of the file. Failed(Fix) when there are too many elements, in all or in one part of a statement."""
        of_file = of_entry = outside = 0
        in_entry = False
        for event, element in self._events():
            if event == "start":
                of_file += 1
                if len(path) <= STATEMENT_DEPTH:
                    in_entry, of_entry = element.tag.endswith("}Ntry"), 0
                of_entry, outside = of_entry + in_entry, outside + (not in_entry)
                for count, most, where in (
                    (of_entry, ENTRY_ELEMENTS_MAX, "one entry has"),
                    (outside, OTHER_ELEMENTS_MAX, "beside its entries it has"),
                    (of_file, ELEMENTS_MAX, "it has"),
                ):
                    if count > most:
                        sentence = f"{self._name}: {where} more than {most:,} elements. Export a shorter period."
                        raise refusal("too_many_lines", sentence, "elements", str(most))
            yield event, element

    def _other_document(self, tag: str) -> Failed:
        found = OTHER_MESSAGE.fullmatch(tag)
        if found and found[1] + found[2] != "camt053":
            kind = f"{found[1]}.{found[2]}"
            told = OTHERS.get(kind, f"a {kind} message, which is no statement. Download the statement, camt.053")
            return refusal("kind", f"{self._name} is {told}.", "file", kind)
        return self._refused("document", tag, "is no camt.053 statement of version 02 to 14")

    def _events(self) -> Iterator[tuple[str, Element]]:
        try:
            yield from iterparse(io.BytesIO(self._content), ("start", "end"), forbid_dtd=True)
        except DefusedXmlException:
            sentence = f"{self._name} declares a DTD or entities, which no bank statement has. It was not read."
            raise refusal("xml", sentence) from None
        except (ParseError, LookupError, ValueError) as error:
            raise refusal("xml", f"{self._name} is no well-formed XML ({error}). Export the file again.") from None

    def _part(self, element: Element) -> Iterator[Booking]:
        if element.tag == "Acct":
            self._account = _text(element, "Id/IBAN") or _text(element, "Id/Othr/Id")
        elif element.tag == "Bal":
            self._balance(element)
        elif element.tag == "Ntry":
            self._count += 1
            if (_text(element, "Sts/Cd") or _text(element, "Sts") or "BOOK") == "BOOK":
                yield self._booking(element)

    def _booking(self, entry: Element) -> Booking:
        currency, amount = self._amount(entry)
        self._moved[currency] += amount
        reference, other = _references(entry)
        words = [found for path in WORDS for found in _texts(entry, path)]
        if not self._account:
            raise self._refused("Acct/Id", "", "is missing before the first entry")
        return Booking(
            self._count, self._account, self._day(entry), amount, currency, reference, " ".join(words + other)
        )

    def _day(self, entry: Element) -> str:
        places = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
        text = next(filter(None, (_text(entry, each) for each in places)), "")
        try:
            return read_day(text[:ISO_DAY_CHARS], ISO_DAY)  # a time or a time zone may follow
        except ValueError as error:
            raise self._refused("BookgDt", text, f"is no day ({error})") from None

    def _amount(self, element: Element) -> tuple[str, int]:
        found = element.find("Amt")
        text = _text(element, "Amt")
        currency = "" if found is None else found.get("Ccy", "").lower()
        direction = _text(element, "CdtDbtInd")
        if direction not in ("CRDT", "DBIT"):
            raise self._refused("CdtDbtInd", direction, "is neither CRDT nor DBIT")
        try:
            minor = plain_minor_units(text, currency)
        except ValueError as error:
            raise self._refused("Amt", text, str(error)) from None
        return currency, minor if direction == "CRDT" else -minor

    def _balance(self, element: Element) -> None:
        """The first opening and the last closing of a kind: a statement in pages carries interim ones between them."""
        kind = _text(element, "Tp/CdOrPrtry/Cd")
        if kind in OPENING:
            self._known.setdefault(kind, self._amount(element))
        elif kind in CLOSING:
            self._known[kind] = self._amount(element)

    def _close_statement(self) -> None:
        opening, closing = (
            next((self._known[k] for k in kinds if k in self._known), None) for kinds in (OPENING, CLOSING)
        )
        if known := closing or opening:
            currency = known[0]
            first, last = (each[1] if each and each[0] == currency else None for each in (opening, closing))
            balance = Balance(self._account, currency, first, last)
            check_balance(self._name, balance, self._moved[currency])
            self.balances.append(balance)
        self._account, self._known, self._moved = "", {}, Counter()

    def _refused(self, element: str, value: str, reason: str) -> Failed:
        where = f"entry {self._count}: " if self._count else ""
        sentence = f"{self._name}: {where}{element} {shown(value)!r} {reason}. Export the file again."
        return refusal("camt", sentence, element, value)


def _references(entry: Element) -> tuple[str, list[str]]:
    """The reference that the payer gave, else the bank's; and the others, which are kept among the words."""
    several = len(entry.findall("NtryDtls/TxDtls")) > 1
    found = [] if several else [text for each in REFERENCES for text in _texts(entry, f"NtryDtls/TxDtls/Refs/{each}")]
    found += _texts(entry, "AcctSvcrRef") + _texts(entry, "NtryRef")
    real = list(dict.fromkeys(each for each in found if each.upper() not in NO_REFERENCE))
    return (real[0], real[1:]) if real else ("", [])


def _texts(element: Element, path: str) -> list[str]:
    return [text for found in element.findall(path) if (text := (found.text or "").strip())]


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
