"""A top-up of the balance was created; its balance row says what moved."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "topup.created",
    "Top-up created",
    "top-up",
    "topups",
    ignores("money from the bank is posted from its balance row"),
)
