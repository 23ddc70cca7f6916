"""What documents mean in double entry: invoices, credit memos and all that happens to them (accounting C2 #1, #10, #29 to #37).

P21 posts its own documents; here they are posted beside it, so that every account can be explained from Stripe. What moves
between a customer's invoices and credits is in P21's receivables on both sides, so none of it becomes a journal there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.domain.ledger.account import (
    BAD_DEBT,
    CUSTOMER_CREDITS,
    DISCOUNTS,
    FREIGHT,
    OTHER_BANK,
    RECEIVABLE,
    RETURNS,
    SALES,
    SALES_TAX,
)
from tieout.domain.ledger.entry import CREDIT_MEMO, INVOICE, RECEIPT, REFUND_PAYMENT, Entry, Leg, Line, Unbalanced
from tieout.domain.ledger.posting import Book
from tieout.kernel.money import share_out

PARTS = ("net", "freight", "tax", "discount", "total")


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """One kind of document: which part of it goes to which account, who carries it, and the cases of C2 it answers."""

    title: str
    cases: tuple[int, ...]
    carrier: str
    debits: tuple[tuple[str, str], ...]
    credits: tuple[tuple[str, str], ...]


_SOLD = ((SALES, "net"), (FREIGHT, "freight"), (SALES_TAX, "tax"))
_TAKEN_BACK = ((RETURNS, "net"), (FREIGHT, "freight"), (SALES_TAX, "tax"))
DOCUMENTS: Mapping[str, DocumentRule] = {
    "invoice": DocumentRule("Invoice", (1, 38), INVOICE, ((RECEIVABLE, "total"), (DISCOUNTS, "discount")), _SOLD),
    "invoice_void": DocumentRule("Invoice voided", (34,), CREDIT_MEMO, _SOLD, ((RECEIVABLE, "total"), (DISCOUNTS, "discount"))),
    "credit_memo": DocumentRule("Credit memo", (10, 12, 29, 30), CREDIT_MEMO, _TAKEN_BACK, ((RECEIVABLE, "total"),)),
    "credit_memo_void": DocumentRule("Credit memo voided", (30,), INVOICE, ((RECEIVABLE, "total"),), _TAKEN_BACK),
    "uncollectible": DocumentRule(
        "Written off as uncollectible", (35,), CREDIT_MEMO, ((BAD_DEBT, "net"), (SALES_TAX, "tax")), ((RECEIVABLE, "total"),)
    ),
    "uncollectible_paid": DocumentRule(
        "Paid after it was written off", (36,), INVOICE, ((RECEIVABLE, "total"),), ((BAD_DEBT, "net"), (SALES_TAX, "tax"))
    ),
    "out_of_band": DocumentRule("Paid outside Stripe", (37,), RECEIPT, ((OTHER_BANK, "total"),), ((RECEIVABLE, "total"),)),
    "paid_back_outside": DocumentRule("Paid back outside Stripe", (30,), REFUND_PAYMENT, ((RECEIVABLE, "total"),), ((OTHER_BANK, "total"),)),
    "overpaid": DocumentRule("Overpaid", (33,), RECEIPT, ((RECEIVABLE, "total"),), ((CUSTOMER_CREDITS, "total"),)),
    "credit_kept": DocumentRule("Kept as the customer's credit", (30,), CREDIT_MEMO, ((RECEIVABLE, "total"),), ((CUSTOMER_CREDITS, "total"),)),
    "credit_applied": DocumentRule("Customer credit applied", (31,), CREDIT_MEMO, ((CUSTOMER_CREDITS, "total"),), ((RECEIVABLE, "total"),)),
    "credit_granted": DocumentRule("Customer credit granted", (32,), CREDIT_MEMO, ((RETURNS, "total"),), ((CUSTOMER_CREDITS, "total"),)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """One document: what it is, whom it stands for (a Stripe id), the day (YYYY-MM-DD), and its parts in minor units."""

    kind: str
    source: str
    subject: str
    day: str
    currency: str
    parts: Mapping[str, int]


def document_entry(document: Document, book: Book) -> Entry:
    """Its entry. Unbalanced when its parts do not come to its total, ValueError for a kind there is none, NoRate."""
    rule = DOCUMENTS.get(document.kind)
    if rule is None:
        raise ValueError(f"document {document.kind!r} is none of {', '.join(DOCUMENTS)}")
    debits = [(account, document.parts.get(part, 0)) for account, part in rule.debits]
    credits = [(account, -document.parts.get(part, 0)) for account, part in rule.credits]
    if sum(amount for _, amount in debits) != -sum(amount for _, amount in credits):
        parts = ", ".join(f"{name} {amount}" for name, amount in document.parts.items())
        raise Unbalanced(f"{document.source}: the parts of the {rule.title.lower()} do not add up ({parts})")
    lines = _valued(debits, document, book) + _valued(credits, document, book)
    return Entry(
        source=f"{document.source}:{document.kind}",
        kind=document.kind,
        day=document.day,
        booked=document.day,
        currency=document.currency,
        ledger_currency=book.policy.ledger_currency,
        legs=(Leg("document", lines, rule.carrier),),
        subject=document.subject,
        memo=f"{rule.title} {document.subject}",
    )


def _valued(side: list[tuple[str, int]], document: Document, book: Book) -> tuple[Line, ...]:
    """One side with its values: the whole side is valued once, then shared out, so that both sides are worth the same."""
    amounts = [amount for _, amount in side]
    value = book.rates.value(sum(amounts), document.currency, document.day)
    one_sign = min(amounts) >= 0 or max(amounts) <= 0
    if document.currency == book.policy.ledger_currency:
        values = amounts
    elif one_sign and any(amounts):
        sign = -1 if min(amounts) < 0 else 1
        values = [sign * share for share in share_out(abs(value), [abs(amount) for amount in amounts])]
    else:
        values = [book.rates.value(amount, document.currency, document.day) for amount in amounts]
        largest = max(range(len(side)), key=lambda place: abs(amounts[place]))
        values[largest] += value - sum(values)
    return tuple(Line(account, amount, worth) for (account, amount), worth in zip(side, values, strict=True))
