"""The delayed payment of a Checkout session failed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "checkout.session.async_payment_failed",
    "Checkout payment failed",
    "payment",
    "checkout/sessions",
    ignores("the delayed payment failed: no money came in"),
)
