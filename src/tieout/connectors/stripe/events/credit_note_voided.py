"""A credit note was taken back."""

from __future__ import annotations

from tieout.connectors.stripe.events._billing import credit_note
from tieout.connectors.stripe.events._event_type import EventType

EVENT = EventType(
    "credit_note.voided",
    "Credit note voided",
    "credit note",
    "credit_notes",
    credit_note,
)
