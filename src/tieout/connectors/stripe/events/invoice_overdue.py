"""An invoice was not paid by its due date."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import overdue

EVENT = EventType("invoice.overdue", "Invoice overdue", "invoice", "invoices", overdue)
