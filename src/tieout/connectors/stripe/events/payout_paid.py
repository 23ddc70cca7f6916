"""A payout should have reached the bank; it can still fail within days."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._payouts import payout_changed

EVENT = EventType(
    "payout.paid",
    "Payout paid",
    "payout",
    "payouts",
    payout_changed,
)
