"""The disputed money left the balance; that is not yet a loss."""

from __future__ import annotations

from tieout.connectors.stripe.events._disputes import money_moved
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "charge.dispute.funds_withdrawn",
    "Disputed money withdrawn",
    "dispute",
    "disputes",
    money_moved,
)
