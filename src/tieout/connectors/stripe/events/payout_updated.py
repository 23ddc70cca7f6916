"""A payout changed: its trace, its status, or what reversed it."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._payouts import payout_changed

EVENT = EventType(
    "payout.updated",
    "Payout updated",
    "payout",
    "payouts",
    payout_changed,
)
