"""A bank account for payouts was added."""

from __future__ import annotations

from functools import partial

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import external_account

EVENT = EventType(
    "account.external_account.created",
    "Bank account added",
    "account",
    "external_accounts",
    partial(external_account, "added"),
)
