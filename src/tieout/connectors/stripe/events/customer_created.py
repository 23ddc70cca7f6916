"""A customer was made."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "customer.created",
    "Customer created",
    "customer",
    "customers",
    ignores("a customer is made in P21 with the first payment, not before"),
)
