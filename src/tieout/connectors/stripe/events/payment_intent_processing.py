"""A delayed payment is under way."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "payment_intent.processing",
    "Payment processing",
    "payment",
    "payment_intents",
    ignores("the payment is under way, its money is not certain yet"),
)
