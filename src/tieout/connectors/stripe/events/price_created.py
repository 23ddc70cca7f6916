"""A price was created."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores
from tieout.connectors.stripe.events._reasons import EXACT

EVENT = EventType("price.created", "Price created", "price", "prices", ignores(EXACT["price.created"]))
