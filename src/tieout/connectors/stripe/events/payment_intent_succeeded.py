"""A payment intent succeeded."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, intent_paid

EVENT = EventType(
    "payment_intent.succeeded",
    "Payment succeeded",
    "payment",
    "payment_intents",
    intent_paid,
)
