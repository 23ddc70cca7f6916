"""More was paid than an invoice asked for: the rest is the customer's credit."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import always
from tieout.connectors.stripe.events._event_type import EventType
from tieout.domain.facts import INVOICE_OVERPAID

EVENT = EventType(
    "invoice.overpaid",
    "Invoice overpaid",
    "invoice",
    "invoices",
    always(INVOICE_OVERPAID),
)
