"""A customer was edited."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "customer.updated",
    "Customer updated",
    "customer",
    "customers",
    ignores("a customer is read afresh with each payment"),
)
