"""A bank account for payouts was changed."""

from __future__ import annotations

from functools import partial

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import external_account

EVENT = EventType(
    "account.external_account.updated",
    "Bank account changed",
    "account",
    "external_accounts",
    partial(external_account, "changed"),
)
