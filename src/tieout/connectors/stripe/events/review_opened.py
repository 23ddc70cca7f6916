"""A payment is held for review."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import review_opened

EVENT = EventType("review.opened", "Review opened", "payment", "reviews", review_opened)
