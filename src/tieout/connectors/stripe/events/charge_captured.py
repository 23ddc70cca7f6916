"""An authorised charge was captured: now its money is taken."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, charge_paid

EVENT = EventType(
    "charge.captured",
    "Charge captured",
    "payment",
    "charges",
    charge_paid,
)
