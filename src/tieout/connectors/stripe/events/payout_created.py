"""A payout was made: money is on its way to the bank."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._payouts import payout_changed

EVENT = EventType(
    "payout.created",
    "Payout created",
    "payout",
    "payouts",
    payout_changed,
)
