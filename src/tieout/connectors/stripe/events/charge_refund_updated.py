"""The older twin of refund.updated; both state one fact."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._refunds import refund_changed

EVENT = EventType(
    "charge.refund.updated",
    "Refund changed (older event)",
    "refund",
    "refunds",
    refund_changed,
)
