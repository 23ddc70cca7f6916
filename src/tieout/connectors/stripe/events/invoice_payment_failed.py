"""An attempt to take an invoice's money failed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import payment_failed

EVENT = EventType("invoice.payment_failed", "Payment of an invoice failed", "invoice", "invoices", payment_failed)
