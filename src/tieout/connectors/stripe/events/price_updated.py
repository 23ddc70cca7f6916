"""A price was changed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores
from tieout.connectors.stripe.events._reasons import EXACT

EVENT = EventType("price.updated", "Price changed", "price", "prices", ignores(EXACT["price.updated"]))
