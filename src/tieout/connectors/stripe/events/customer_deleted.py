"""A customer was deleted."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import customer_deleted

EVENT = EventType("customer.deleted", "Customer deleted", "customer", "customers", customer_deleted)
