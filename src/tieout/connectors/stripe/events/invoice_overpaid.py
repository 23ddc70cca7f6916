"""More was paid than an invoice asked for: the rest is the customer's credit."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import invoice_overpaid
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "invoice.overpaid",
    "Invoice overpaid",
    "invoice",
    "invoices",
    invoice_overpaid,
)
