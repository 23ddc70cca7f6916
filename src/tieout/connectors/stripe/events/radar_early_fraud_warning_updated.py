"""A warning of fraud changed."""

from __future__ import annotations

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import early_fraud_warning

EVENT = EventType(
    "radar.early_fraud_warning.updated",
    "Early fraud warning changed",
    "payment",
    "radar/early_fraud_warnings",
    early_fraud_warning,
)
