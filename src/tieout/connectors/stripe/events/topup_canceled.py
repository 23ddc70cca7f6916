"""A top-up of the balance was canceled; its balance row says what moved."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "topup.canceled",
    "Top-up canceled",
    "top-up",
    "topups",
    ignores("money from the bank is posted from its balance row"),
)
