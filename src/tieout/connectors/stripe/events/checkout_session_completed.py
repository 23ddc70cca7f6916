"""A Checkout session was completed, which does not mean that it is paid."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, session_paid

EVENT = EventType(
    "checkout.session.completed",
    "Checkout completed",
    "payment",
    "checkout/sessions",
    session_paid,
)
