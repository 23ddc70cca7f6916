"""An authorisation lapsed without being captured."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "charge.expired",
    "Charge expired",
    "payment",
    "charges",
    ignores("the authorisation expired: no money came in"),
)
