"""One of the payments of an invoice is certain."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import payment_of_invoice
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "invoice_payment.paid",
    "Payment of an invoice",
    "invoice",
    "invoice_payments",
    payment_of_invoice,
)
