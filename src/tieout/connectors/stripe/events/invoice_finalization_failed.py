"""Stripe could not finalise an invoice, often for tax or address: a person must look."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import while_status
from tieout.connectors.stripe.events._event_type import EventType
from tieout.domain.facts import INVOICE_NOT_FINALISED

EVENT = EventType(
    "invoice.finalization_failed",
    "Invoice could not be finalised",
    "invoice",
    "invoices",
    while_status(INVOICE_NOT_FINALISED, "draft"),
)
