"""A payout did not reach the bank: its money comes back to the balance."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._payouts import payout_changed

EVENT = EventType(
    "payout.failed",
    "Payout failed",
    "payout",
    "payouts",
    payout_changed,
)
