"""An invoice is paid: by payments, outside Stripe, or because nothing was to pay."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import invoice_paid
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "invoice.paid",
    "Invoice paid",
    "invoice",
    "invoices",
    invoice_paid,
)
