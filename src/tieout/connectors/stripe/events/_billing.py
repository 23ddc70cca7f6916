"""What invoices, their payments and credit notes state (Stripe facts B2, B12)."""

from __future__ import annotations

from collections.abc import Callable

from tieout.connectors.stripe._object import StripeObject
from tieout.domain.facts import (
    CREDIT_NOTE_ISSUED,
    CREDIT_NOTE_VOIDED,
    CUSTOMER_BALANCE_CHANGED,
    INVOICE_OVERPAID,
    INVOICE_PAID,
    Fact,
    Ignored,
    Statement,
)


def while_status(kind: str, *statuses: str) -> Callable[[StripeObject], Statement]:
    """States the fact while the object has one of these statuses: read again later it may have come further.

    Where an old shape tells no status, the event's own word counts.
    """

    def states(found: StripeObject) -> Statement:
        status = found.text("status")
        if status in ("", *statuses):
            return Fact(kind, found.id)
        return Ignored(f"it is {status} by now; what it became is stated by itself")

    return states


def invoice_overpaid(invoice: StripeObject) -> Statement:
    """More was paid than was asked; an old shape does not say how much, and then the event's word counts."""
    if invoice.has("amount_overpaid") and invoice.whole("amount_overpaid") <= 0:
        return Ignored("nothing was paid too much")
    return Fact(INVOICE_OVERPAID, invoice.id)


def invoice_paid(invoice: StripeObject) -> Statement:
    """An invoice is settled, by payments or outside Stripe; when nothing was to pay there is nothing to settle."""
    if invoice.text("status") not in ("", "paid") and not invoice.flag("paid"):
        return Ignored(f"the invoice is {invoice.text('status')}, not paid")
    if invoice.whole("total", invoice.whole("amount_paid")) == 0 and not invoice.whole("amount_paid"):
        return Ignored("nothing was to pay, so there is no payment")
    return Fact(INVOICE_PAID, invoice.id)


def payment_of_invoice(payment: StripeObject) -> Statement:
    """One of the payments of an invoice is certain."""
    if payment.text("status") != "paid":
        return Ignored(f"this payment of an invoice is {payment.text('status') or 'of no known status'}, not paid")
    if not payment.id_of("invoice"):
        return Ignored("it names no invoice that it is a payment of")
    return Fact(INVOICE_PAID, f"{payment.id_of('invoice')}:{payment.id}")


def credit_note(note: StripeObject) -> Statement:
    """A credit note stands, or was taken back."""
    if note.text("status") == "void":
        return Fact(CREDIT_NOTE_VOIDED, note.id)
    if note.text("status") == "issued":
        return Fact(CREDIT_NOTE_ISSUED, note.id)
    return Ignored(f"the credit note is {note.text('status') or 'of no known status'}, not issued")


def customer_balance(customer: StripeObject) -> Statement:
    """A customer has a balance, to the good or owed: what a person changed of it by hand is read when it is looked at.

    The event names no change, so one balance between two invoices is one fact.
    """
    if not customer.whole("balance"):
        return Ignored("a customer is read afresh with each payment")
    told = f"{customer.whole('next_invoice_sequence')}:{customer.whole('balance')}"
    return Fact(CUSTOMER_BALANCE_CHANGED, f"{customer.id}:{told}")
