"""The payment of an invoice must be confirmed by the customer."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import payment_needs_the_customer

EVENT = EventType(
    "invoice.payment_action_required",
    "Invoice waits for its customer",
    "invoice",
    "invoices",
    payment_needs_the_customer,
)
