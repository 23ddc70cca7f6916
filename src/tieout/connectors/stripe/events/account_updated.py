"""The Stripe account changed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import account_updated

EVENT = EventType("account.updated", "Stripe account changed", "account", "accounts", account_updated)
