"""A refund was made; its money may still be under way."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._refunds import refund_made

EVENT = EventType(
    "refund.created",
    "Refund made",
    "refund",
    "refunds",
    refund_made,
)
