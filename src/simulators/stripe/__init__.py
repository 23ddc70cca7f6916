"""A pretend Stripe account: the parts of the API, the events and the habits that a connector meets."""

from __future__ import annotations

from typing import Any

from simulators.option_texts import seconds_of, whole_of
from simulators.stripe.account import FAULTS, StripeAccount
from simulators.stripe.delivery import Attempt, Endpoint, Post
from simulators.stripe.payments import Paid
from simulators.stripe.posting import Delivering, HttpDelivery
from simulators.stripe.state import CURRENT, OLD
from simulators.wire import Simulator
from simulators.world import World

__all__ = [
    "StripeAccount",
    "Paid",
    "Delivering",
    "HttpDelivery",
    "Attempt",
    "Endpoint",
    "Post",
    "CURRENT",
    "OLD",
    "FAULTS",
    "build",
]

_TEXTS = (
    "key", "webhook_secret", "webhook_url", "api_version", "account_id", "settlement", "country", "business_name",
    "payout_schedule",
)  # fmt: skip
_SWITCHES = ("livemode", "sandbox_retries", "noise", "rate_limits", "payouts_move")
_SECONDS = ("settle_seconds", "events_lag_seconds", "retry_first_seconds", "reconcile_seconds")


def build(world: World, options: dict[str, str]) -> Simulator:
    """An account from words, delivering to the URL of each endpoint; ValueError for an unknown option.

    ``permissions`` and ``settlements`` are lists with commas; ``deliver=no`` leaves the delivering to the caller.
    """
    account = StripeAccount(world, **{name: _read(name, value) for name, value in options.items() if name != "deliver"})
    if options.get("deliver", "yes") == "yes":
        Delivering(account)
    return account


def _read(name: str, value: str) -> Any:
    if name in _TEXTS:
        return value
    if name in _SWITCHES:
        return value.lower() in ("yes", "true", "1", "on")
    if name in _SECONDS:
        return seconds_of(name, value)
    if name == "permissions":
        return frozenset(value.replace(",", " ").split())
    if name == "settlements":
        return tuple(value.replace(",", " ").split())
    if name == "available_days":
        return whole_of(name, value)
    known = ", ".join(
        sorted({*_TEXTS, *_SWITCHES, *_SECONDS, "permissions", "settlements", "available_days", "deliver"})
    )
    raise ValueError(f"unknown option {name!r}; known: {known}")
