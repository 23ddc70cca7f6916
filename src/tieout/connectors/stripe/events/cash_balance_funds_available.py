"""A customer has transferred money that pays nothing yet."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import funds_available

EVENT = EventType(
    "cash_balance.funds_available", "Transferred money lies idle", "customer", "cash_balances", funds_available
)
