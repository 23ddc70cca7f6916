"""An invoice is paid: by a charge, outside Stripe, or because nothing was to pay."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, invoice_paid

EVENT = EventType(
    "invoice.paid",
    "Invoice paid",
    "invoice",
    "invoices",
    invoice_paid,
)
