"""Post an entry: what happened to an invoice or a credit without a record of its own in P21, in the books, once (C2 #30 to #37)."""

from __future__ import annotations

import re
from decimal import Decimal

from tieout.domain.ledger.documents import DOCUMENTS, Document, document_entry
from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.standing import standing
from tieout.domain.ledger.valuing import NoRate
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.kernel.failures import Failed, Retry
from tieout.nodes._node import Context, Done, NodeType, unfit
from tieout.operations.ask_for_rate import ask_for_rate
from tieout.operations.post_entries import post_entries
from tieout.store import ledgers

ACTOR = "tieout"
OBJECT = re.compile(r"[: ]")
RATE_AGAIN_SECONDS = 600.0
NO_LEDGER = "This account has no ledger."


def _run(context: Context) -> Done:
    book = _book(context)
    if book is None:
        return Done({"source": None, "why": "This account has no ledger."})
    document = _document(context, book)
    if why := _not_posted(document, book):
        return Done({"source": None, "why": why})
    entry = _entry(context, document, book)
    post_entries(context.ports.books, context.run.connection, [entry], ACTOR, context.ports.clock())
    return Done({"source": entry.source, "why": None}, wrote=True, reasons=(("source", entry.kind, entry.source),))


def _book(context: Context) -> Book | None:
    """The ledger that documents are posted in, where there is one."""
    with context.ports.books.reading() as db:
        kept = ledgers.get(db, context.run.connection)
        return ledgers.book(db, context.run.connection) if kept and kept.policy.p21 else None


def _document(context: Context, book: Book) -> Document:
    of = str(context.evaluate("of") or "")
    total, tax = _whole(context, "total"), _whole(context, "tax")
    parts = {"net": total - tax, "tax": tax, "total": total}
    day = day_of(_whole(context, "at"), book.policy.zone())
    currency = str(context.evaluate("currency") or book.policy.ledger_currency).lower()
    return Document(context.text("kind"), of, OBJECT.split(of)[0], day, currency, parts)


def _not_posted(document: Document, book: Book) -> str:
    if document.day < book.policy.starts:
        return f"The ledger starts on {book.policy.starts}; what was before is in its opening balance."
    return "" if document.parts["total"] else "It comes to nothing."


def _entry(context: Context, document: Document, book: Book) -> Entry:
    try:
        entry = document_entry(document, book)
    except NoRate as missing:
        source, words = f"{document.source}:{document.kind}", DOCUMENTS[document.kind].title
        what = f"{words} ({document.source})"
        ask_for_rate(context.ports.books, context.run.connection, source, missing, context.ports.clock(), what)
        sentence = f"{what} cannot be valued here: {missing}. Enter the rate; this goes on by itself."
        raise Failed(Retry("ledger.no_rate", sentence, after_seconds=RATE_AGAIN_SECONDS, outage=True)) from missing
    stands = standing(entry, book.calendar, "next_open")  # it has happened at Stripe: nobody is left to ask
    return stands if isinstance(stands, Entry) else entry


def _whole(context: Context, setting: str) -> int:
    value = context.evaluate(setting, "0")
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    words = f"{setting} must be whole minor units (or a moment in seconds), but is {value!r}"
    raise unfit(context, f"{words}. Correct it in the drawing, then replay", setting, str(value))


NODE = NodeType(
    NodeForm(
        "post_entry",
        "Post in the books",
        "write",
        (
            SettingField("kind", "choice", "What happened", required=True, choices=tuple(DOCUMENTS)),
            SettingField("of", "expression", "What it is posted for, once (a Stripe id)", required=True, type="text"),
            SettingField(
                "total", "expression", "Amount in minor units (below 0: taken back)", required=True, type="number"
            ),
            SettingField("tax", "expression", "Tax in it, in minor units (empty: none)", type="number"),
            SettingField("at", "expression", "When it happened (epoch seconds)", required=True, type="number"),
            SettingField("currency", "expression", "Currency (empty: the ledger's)", type="text"),
        ),
        lambda settings: {"source": "text", "why": "text"},
        note="Once for each of its kind and what it is posted for, also when the step is walked again. Nothing goes to P21: "
        "there these amounts stay among the customer's open documents. Without a ledger nothing is posted.",
    ),
    _run,
)
