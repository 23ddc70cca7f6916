"""A payment was authorised and waits to be captured."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "payment_intent.amount_capturable_updated",
    "Payment authorised",
    "payment",
    "payment_intents",
    ignores("authorised, not captured yet; charge.captured will state the payment"),
)
