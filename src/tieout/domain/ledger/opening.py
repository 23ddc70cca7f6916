"""The opening list: what customers owe, and are owed, document by document on the first day of the books (case B3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tieout.domain.ledger.account import CUSTOMER_CREDITS, DEPOSITS, OPENING, RECEIVABLE
from tieout.domain.ledger.entry import INVOICE, Entry, pair
from tieout.domain.ledger.period import is_day
from tieout.domain.ledger.posting import Book
from tieout.kernel.money import CURRENCIES, Money

KIND = "opening_document"
ACCOUNTS: Mapping[str, str] = {"invoice": RECEIVABLE, "credit": CUSTOMER_CREDITS, "deposit": DEPOSITS}
COLUMNS = ("kind", "document", "customer", "stripe_id", "day", "currency", "open")
CHARACTERS_MAX = 64


@dataclass(frozen=True, slots=True)
class OpeningDocument:
    """One open invoice, unapplied credit or deposit: P21's number and customer, the Stripe object if there is one.

    ``open`` is in minor units of ``currency``, always above 0; ``day`` is that of the document (YYYY-MM-DD).
    """

    kind: str
    document: str
    customer: str
    stripe_id: str
    day: str
    currency: str
    open: int

    @property
    def source(self) -> str:
        """What its entry is posted for: each document once."""
        return f"opening:{self.kind}:{self.document}"


def opening_document(row: Mapping[str, str], home: str) -> OpeningDocument:
    """A row of the list as it was typed; ValueError says which field is wrong and what to write."""
    given = {name: row.get(name, "").strip() for name in COLUMNS}
    kind, currency = given["kind"].lower(), given["currency"].lower() or home
    if kind not in ACCOUNTS:
        raise ValueError(f"kind {given['kind']!r} is none of {', '.join(ACCOUNTS)}")
    for name in ("document", "customer"):
        if not given[name] or len(given[name]) > CHARACTERS_MAX:
            raise ValueError(f"{name} {given[name]!r}: give P21's number, at most {CHARACTERS_MAX} characters")
    if not is_day(given["day"]):
        raise ValueError(f"day {given['day']!r}: give the day of the document as YYYY-MM-DD")
    if currency not in CURRENCIES:
        raise ValueError(f"currency {given['currency']!r}: give a currency code such as usd")
    amount = _amount(given["open"], currency)
    return OpeningDocument(
        kind, given["document"], given["customer"], given["stripe_id"], given["day"], currency, amount
    )


def _amount(text: str, currency: str) -> int:
    try:
        amount = Money.of_decimal(Decimal(text.replace(",", "")), currency).minor
    except (InvalidOperation, ValueError):
        raise ValueError(f"open {text!r} is no amount of {currency.upper()}; write it such as 1043.92") from None
    if amount <= 0:
        raise ValueError(f"open {text!r}: give what is open as an amount above 0; kind says on which side it stands")
    return amount


def opening_entry(one: OpeningDocument, book: Book) -> Entry:
    """Its entry on the first day of the books. P21 has the document, so no journal carries it. Raises NoRate."""
    sign = 1 if one.kind == "invoice" else -1
    value = book.rates.value(one.open, one.currency, one.day if one.currency != book.policy.ledger_currency else "")
    leg = pair("opening", ACCOUNTS[one.kind], OPENING, sign * one.open, sign * value, INVOICE)
    starts = book.policy.starts
    return Entry(
        source=one.source,
        kind=KIND,
        day=starts,
        booked=starts,
        currency=one.currency,
        ledger_currency=book.policy.ledger_currency,
        legs=(leg,),
        subject=one.stripe_id or one.document,
        memo=f"Open at the start: {one.kind} {one.document} of customer {one.customer}, of {one.day}",
        labels=(("customer", one.customer), ("document", one.document)),
    )
