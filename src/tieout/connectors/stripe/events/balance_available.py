"""Money became available; no row of the balance changes by it."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "balance.available",
    "Balance available",
    "balance",
    "balance",
    ignores("a hint only: balances are read when they are proven"),
)
