"""An invoice was changed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores
from tieout.connectors.stripe.events._reasons import EXACT

EVENT = EventType("invoice.updated", "Invoice changed", "invoice", "invoices", ignores(EXACT["invoice.updated"]))
