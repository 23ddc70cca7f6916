"""An attempt to pay failed; the buyer may try again."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "payment_intent.payment_failed",
    "Payment failed",
    "payment",
    "payment_intents",
    ignores("an attempt to pay failed: no money came in"),
)
