"""A payout was canceled: its money comes back to the balance."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._payouts import payout_changed

EVENT = EventType(
    "payout.canceled",
    "Payout canceled",
    "payout",
    "payouts",
    payout_changed,
)
