"""A credit note changed; what it states is once for each status."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import credit_note
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "credit_note.updated",
    "Credit note changed",
    "credit note",
    "credit_notes",
    credit_note,
)
