"""Some of a charge went back; which refund it was, the refund itself says."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "charge.refunded",
    "Charge refunded",
    "payment",
    "charges",
    ignores("a hint only: each refund states itself by refund.created"),
)
