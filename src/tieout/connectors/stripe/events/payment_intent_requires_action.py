"""The buyer has to confirm the payment."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "payment_intent.requires_action",
    "Payment needs the buyer",
    "payment",
    "payment_intents",
    ignores("the buyer has to confirm the payment first"),
)
