"""A customer accepted a quote."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import quote_accepted

EVENT = EventType("quote.accepted", "Quote accepted", "quote", "quotes", quote_accepted)
