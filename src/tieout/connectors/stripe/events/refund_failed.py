"""A refund did not reach the buyer: the debt to them revives."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._refunds import refund_changed

EVENT = EventType(
    "refund.failed",
    "Refund failed",
    "refund",
    "refunds",
    refund_changed,
)
