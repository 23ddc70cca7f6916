"""A dispute has come further, or its evidence is due on another day."""

from __future__ import annotations

from tieout.connectors.stripe.events._disputes import dispute_changed
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "charge.dispute.updated",
    "Dispute changed",
    "dispute",
    "disputes",
    dispute_changed,
)
