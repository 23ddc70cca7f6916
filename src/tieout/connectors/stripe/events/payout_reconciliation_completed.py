"""Every row of an automatic payout is known now."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._payouts import payout_reconciled

EVENT = EventType(
    "payout.reconciliation_completed",
    "Payout can be reconciled",
    "payout",
    "payouts",
    payout_reconciled,
)
