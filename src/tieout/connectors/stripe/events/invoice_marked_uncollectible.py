"""Nobody expects this invoice to be paid any more; it still can be."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import while_status
from tieout.connectors.stripe.events._event_type import EventType
from tieout.domain.facts import INVOICE_UNCOLLECTIBLE

EVENT = EventType(
    "invoice.marked_uncollectible",
    "Invoice uncollectible",
    "invoice",
    "invoices",
    while_status(INVOICE_UNCOLLECTIBLE, "uncollectible"),
)
