"""Who may call, what, and how often: API keys, restricted permissions, rate limits (Stripe facts B6)."""

from __future__ import annotations

import base64
import binascii
from collections import deque

from simulators.stripe.errors import Refusal
from simulators.wire import Request

GLOBAL_PER_SECOND, ENDPOINT_PER_SECOND = 100, 25
# What one permission brings along.
_IMPLIED = {
    "payment_intent_read": {"product_read", "sku_read"},
    "invoice_read": {"credit_note_read"},
    "customer_read": {"billing_clock_read"},
    "balance_transaction_source_read": {"application_fee_read", "balance_read", "transfer_read", "payout_read"},
}


def spelled(permissions: frozenset[str] | None) -> frozenset[str] | None:
    """Permissions without ``rak_``, with what they imply; a write right includes reading. None: everything."""
    if permissions is None:
        return None
    names = {name.removeprefix("rak_") for name in permissions}
    names |= {name.removesuffix("_write") + "_read" for name in names if name.endswith("_write")}
    for name in list(names):
        names |= _IMPLIED.get(name, set())
    return frozenset(names)


class Keys:
    """The account's API keys, each with its permissions."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id
        self._known: dict[str, frozenset[str] | None] = {}

    def add(self, key: str, permissions: frozenset[str] | None) -> None:
        """Let a key in, or change what it may do."""
        self._known[key] = spelled(permissions)

    def expire(self, key: str) -> None:
        """Let a key in no more."""
        self._known.pop(key, None)

    def check(self, request: Request) -> str:
        """The key of a request; Refusal (401) when there is none or it is not ours."""
        key = key_of(request)
        if not key:
            raise Refusal(401, "You did not provide an API key in the Authorization header (Bearer or Basic).")
        if key not in self._known:
            raise Refusal(401, f"Invalid API Key provided: {masked(key)}")
        return key

    def require(self, key: str, permission: str) -> None:
        """Refusal (403) naming the permission when the key lacks it."""
        allowed = self._known[key]
        if allowed is not None and permission not in allowed:
            raise self.lacking(key, permission)

    def lacking(self, key: str, permission: str) -> Refusal:
        """What a key without a permission is told."""
        return Refusal(
            403,
            f"The provided key '{masked(key)}' does not have the required permissions for this endpoint on account "
            f"'{self._account_id}'. Having the 'rak_{permission}' permission would allow this request to continue.",
        )


def key_of(request: Request) -> str:
    """The key in the Authorization header, Bearer or Basic with the key as user name; empty when there is none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def masked(key: str) -> str:
    """A key as Stripe prints it."""
    return f"{key[:8]}{'*' * 8}{key[-4:]}"


def expired(key: str) -> Refusal:
    """The key was rolled or has run out."""
    return Refusal(401, f"Expired API Key provided: {masked(key)}", code="api_key_expired")


def too_many(reason: str = "global-rate") -> Refusal:
    """Too many calls in one second."""
    headers = {"Stripe-Should-Retry": "true", "Retry-After": "1", "Stripe-Rate-Limited-Reason": reason}
    return Refusal(429, "Request rate limit exceeded.", code="rate_limit", headers=headers)


def locked() -> Refusal:
    """Two calls touch one object."""
    message = "This object is in use by another request or by Stripe itself; try again."
    return Refusal(429, message, code="lock_timeout", headers={"Stripe-Should-Retry": "true"})


class RateLimit:
    """Counts the calls of the last second, altogether and per endpoint."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[float]] = {}

    def count(self, operation: str, now: float) -> None:
        """Count one call; Refusal (429) when it is one too many."""
        for name, most in (("", GLOBAL_PER_SECOND), (operation, ENDPOINT_PER_SECOND)):
            calls = self._calls.setdefault(name, deque())
            while calls and calls[0] <= now - 1:
                calls.popleft()
            if len(calls) >= most:
                raise too_many("endpoint-rate" if name else "global-rate")
        self._calls[""].append(now)
        self._calls[operation].append(now)
