"""A dispute has its end: won, lost, prevented or a warning that was closed."""

from __future__ import annotations

from tieout.connectors.stripe.events._disputes import dispute_changed
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "charge.dispute.closed",
    "Dispute closed",
    "dispute",
    "disputes",
    dispute_changed,
)
