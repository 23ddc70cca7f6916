"""A refund has come further: its balance row exists, or it failed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._refunds import refund_changed

EVENT = EventType(
    "refund.updated",
    "Refund changed",
    "refund",
    "refunds",
    refund_changed,
)
