"""Details of a charge changed: its balance transaction came, or its metadata were edited.

It states no payment, because editing an old charge must not bring an order into P21 that was entered by hand.
"""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType, ignores

EVENT = EventType(
    "charge.updated",
    "Charge updated",
    "payment",
    "charges",
    ignores("only details of a charge changed; its payment was stated when it succeeded"),
)
