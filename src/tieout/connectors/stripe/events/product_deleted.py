"""A product was deleted."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores
from tieout.connectors.stripe.events._reasons import EXACT

EVENT = EventType("product.deleted", "Product deleted", "product", "products", ignores(EXACT["product.deleted"]))
