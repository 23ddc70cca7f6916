"""What invoices, their payments and credit notes state (Stripe facts B2, B12)."""

from __future__ import annotations

from collections.abc import Callable

from tieout.connectors.stripe._object import StripeObject
from tieout.domain.facts import CREDIT_NOTE_ISSUED, CREDIT_NOTE_VOIDED, INVOICE_PAID, Fact, Ignored, Statement


def always(kind: str) -> Callable[[StripeObject], Statement]:
    """Events of this type state the same of every object."""
    return lambda found: Fact(kind, found.id)


def invoice_paid(invoice: StripeObject) -> Statement:
    """An invoice is settled, by payments or outside Stripe; when nothing was to pay there is nothing to settle."""
    if invoice.whole("total", invoice.whole("amount_paid")) == 0:
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
