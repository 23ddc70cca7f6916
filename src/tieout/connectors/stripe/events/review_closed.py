"""The review of a payment is closed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import review_closed

EVENT = EventType("review.closed", "Review closed", "payment", "reviews", review_closed)
