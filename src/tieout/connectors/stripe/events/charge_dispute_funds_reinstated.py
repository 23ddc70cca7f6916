"""Disputed money came back to the balance."""

from __future__ import annotations

from tieout.connectors.stripe.events._disputes import money_moved
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "charge.dispute.funds_reinstated",
    "Disputed money given back",
    "dispute",
    "disputes",
    money_moved,
)
