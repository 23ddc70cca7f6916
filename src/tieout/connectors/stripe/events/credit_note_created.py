"""A credit note was issued: the customer owes less, or gets something back."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import credit_note
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "credit_note.created",
    "Credit note issued",
    "credit note",
    "credit_notes",
    credit_note,
)
