"""A way to take money was switched on or off."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import capability

EVENT = EventType("capability.updated", "Way to take money changed", "account", "capabilities", capability)
