"""A bank transfer was too small."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import partially_funded

EVENT = EventType(
    "payment_intent.partially_funded", "Payment transferred in part", "payment", "payment_intents", partially_funded
)
