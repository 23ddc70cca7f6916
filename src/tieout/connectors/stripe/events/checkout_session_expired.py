"""A Checkout session lapsed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "checkout.session.expired",
    "Checkout expired",
    "payment",
    "checkout/sessions",
    ignores("the buyer did not complete the session"),
)
