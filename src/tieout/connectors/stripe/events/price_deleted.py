"""A price was deleted."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores
from tieout.connectors.stripe.events._reasons import EXACT

EVENT = EventType("price.deleted", "Price deleted", "price", "prices", ignores(EXACT["price.deleted"]))
