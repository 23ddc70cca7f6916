"""A payment intent was given up."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "payment_intent.canceled",
    "Payment canceled",
    "payment",
    "payment_intents",
    ignores("the payment was canceled: no money came in"),
)
