"""A charge succeeded: money was taken, or only authorised."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, charge_paid

EVENT = EventType(
    "charge.succeeded",
    "Charge succeeded",
    "payment",
    "charges",
    charge_paid,
)
