"""The delayed payment of a Checkout session succeeded."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, session_paid

EVENT = EventType(
    "checkout.session.async_payment_succeeded",
    "Checkout paid later",
    "payment",
    "checkout/sessions",
    session_paid,
)
