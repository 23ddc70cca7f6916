"""A bank account for payouts was taken away."""

from __future__ import annotations

from functools import partial

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import external_account

EVENT = EventType(
    "account.external_account.deleted",
    "Bank account taken away",
    "account",
    "external_accounts",
    partial(external_account, "taken away"),
)
