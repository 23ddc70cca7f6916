"""A customer was edited."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import customer_balance
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "customer.updated",
    "Customer updated",
    "customer",
    "customers",
    customer_balance,
)
