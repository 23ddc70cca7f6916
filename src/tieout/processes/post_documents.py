"""Posts what documents mean, once P21 has them: invoices, credit memos, write-offs, what was paid outside Stripe (M2, M4; C2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tieout.domain.ledger.documents import Document, document_entry
from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.standing import standing
from tieout.domain.ledger.valuing import NoRate
from tieout.kernel.money import Money
from tieout.nodes._ports import Ports
from tieout.operations.ask_for_rate import ask_for_rate
from tieout.operations.post_entries import post_entries
from tieout.queries.documents import WrittenDocument, unposted_documents
from tieout.store import ledgers

ACTOR = "tieout"
SUBJECTS = ("re_", "pyr_", "cn_", "in_", "inpay_")


def post_documents(ports: Ports, connection: str) -> int:
    """Post every document that was written and is not posted; answers how many. What cannot be valued waits for its rate."""
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
    if not book.policy.p21:
        return 0
    posted = 0
    for written in unposted_documents(ports.books, book.policy.p21, connection):
        try:
            entry = _entry(written, book)
        except NoRate as missing:
            ask_for_rate(ports.books, connection, written.source, missing, ports.clock())
            continue
        post_entries(ports.books, connection, [entry], ACTOR, ports.clock())
        posted += 1
    return posted


def _entry(written: WrittenDocument, book: Book) -> Entry:
    document = written.document
    day, currency = (
        str(document.get("true_date") or document["date"]),
        str(document.get("currency") or book.policy.ledger_currency),
    )
    subject = _subject(written)
    said = Document(_kind(written), written.source, subject, day, currency, _parts(written, currency))
    return standing_entry(said, book)


def standing_entry(said: Document, book: Book) -> Entry:
    """The entry of a document where it may stand. P21 has the document: nobody is left to ask. Raises NoRate."""
    entry = document_entry(said, book)
    stands = standing(entry, book.calendar, "next_open")
    return stands if isinstance(stands, Entry) else entry


def _subject(written: WrittenDocument) -> str:
    named = [one for one in written.subjects if one.startswith(SUBJECTS)]
    return min(named or list(written.subjects), key=lambda one: (len(one), one)).partition(":")[0]


def _kind(written: WrittenDocument) -> str:
    ends = {one.split(":")[1] for one in written.subjects if ":" in one}
    if written.entity == "cash_receipt":
        return "out_of_band"
    if written.entity == "ar_invoice":
        return "uncollectible_paid" if "recovered" in ends else "invoice"
    return "uncollectible" if "uncollectible" in ends else "invoice_void" if "void" in ends else "credit_memo"


def _parts(written: WrittenDocument, currency: str) -> Mapping[str, int]:
    document = written.document
    if written.entity == "cash_receipt":
        return {"total": _minor(document, "amount", currency)}
    total, tax = _minor(document, "total", currency), _minor(document, "tax", currency)
    freight = _minor(document, "freight", currency)
    return {"net": total - tax - freight, "freight": freight, "tax": tax, "total": total}


def _minor(document: Mapping[str, Any], field: str, currency: str) -> int:
    return Money.of_decimal(Decimal(str(document.get(field) or "0")), currency).minor
