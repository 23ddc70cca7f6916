"""A buyer disputes a payment, or their bank asks about it."""

from __future__ import annotations

from tieout.connectors.stripe.events._disputes import dispute_opened
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "charge.dispute.created",
    "Dispute opened",
    "dispute",
    "disputes",
    dispute_opened,
)
