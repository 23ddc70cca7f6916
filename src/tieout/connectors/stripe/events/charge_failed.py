"""A charge failed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "charge.failed",
    "Charge failed",
    "payment",
    "charges",
    ignores("the charge failed: no money came in"),
)
