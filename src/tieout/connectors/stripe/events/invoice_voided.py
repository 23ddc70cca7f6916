"""An invoice was taken back."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import while_status
from tieout.connectors.stripe.events._event_type import EventType
from tieout.domain.facts import INVOICE_VOIDED

EVENT = EventType(
    "invoice.voided",
    "Invoice voided",
    "invoice",
    "invoices",
    while_status(INVOICE_VOIDED, "void"),
)
