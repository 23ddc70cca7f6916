"""A product was changed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import product

EVENT = EventType("product.updated", "Product changed", "product", "products", product)
