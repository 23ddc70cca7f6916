"""A product was created."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import product

EVENT = EventType("product.created", "Product created", "product", "products", product)
