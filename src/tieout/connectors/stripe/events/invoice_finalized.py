"""An invoice is final: the customer owes it."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import while_status
from tieout.connectors.stripe.events._event_type import EventType
from tieout.domain.facts import INVOICE_FINALISED

EVENT = EventType(
    "invoice.finalized",
    "Invoice finalised",
    "invoice",
    "invoices",
    while_status(INVOICE_FINALISED, "open", "paid", "uncollectible", "void"),
)
