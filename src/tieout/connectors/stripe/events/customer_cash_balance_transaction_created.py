"""A customer's cash balance changed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import cash_balance_changed

EVENT = EventType(
    "customer_cash_balance_transaction.created",
    "Customer transferred money",
    "customer",
    "customer_cash_balance_transactions",
    cash_balance_changed,
)
