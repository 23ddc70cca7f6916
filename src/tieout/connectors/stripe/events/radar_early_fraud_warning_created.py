"""A card's issuer warns of fraud."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import early_fraud_warning

EVENT = EventType(
    "radar.early_fraud_warning.created",
    "Early fraud warning",
    "payment",
    "radar/early_fraud_warnings",
    early_fraud_warning,
)
