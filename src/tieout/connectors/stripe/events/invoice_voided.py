"""An invoice was taken back."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import always
from tieout.connectors.stripe.events._event_type import EventType
from tieout.domain.facts import INVOICE_VOIDED

EVENT = EventType(
    "invoice.voided",
    "Invoice voided",
    "invoice",
    "invoices",
    always(INVOICE_VOIDED),
)
