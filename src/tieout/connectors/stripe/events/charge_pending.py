"""A delayed method (ACH, SEPA …) was started: no cash yet (B11)."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "charge.pending",
    "Charge pending",
    "payment",
    "charges",
    ignores("a delayed payment was started; charge.succeeded will state it when its money is certain"),
)
