"""One movement of Stripe's balance in our words: a balance transaction and what its source tells (Stripe B8)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeePart:
    """One part of a fee: Stripe's kind (``stripe_fee``, ``tax`` …) and its minor units, negative when given back."""

    kind: str
    amount: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the source of a row tells; empty where Stripe says nothing.

    ``amount`` and ``currency`` are what the customer saw (presentment), in its minor units. ``charge``, ``payment`` (the
    payment intent, or the charge without one), ``invoice`` and ``dispute`` are Stripe ids; ``branch``, ``location`` and
    ``product`` come from metadata and choose accounts.
    """

    kind: str = ""
    amount: int = 0
    currency: str = ""
    created: int = 0
    charge: str = ""
    payment: str = ""
    invoice: str = ""
    dispute: str = ""
    payout: str = ""
    customer: str = ""
    branch: str = ""
    location: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """One row. ``amount``, ``fee`` and ``net`` are minor units of ``currency`` (the settlement currency).

    ``category`` is Stripe's reporting category, by which it is booked; ``type`` refines it. Times are epoch seconds.
    ``exchange_rate`` is the text that was shown: for audit, never to compute with (B7).
    """

    id: str
    type: str
    category: str
    amount: int
    fee: int
    net: int
    currency: str
    created: int
    available_on: int
    source: str = ""
    balance_type: str = "payments"
    fees: tuple[FeePart, ...] = ()
    exchange_rate: str = ""
    description: str = ""
    origin: Origin = Origin()


def unsound(change: BalanceChange) -> str:
    """Why a row cannot be what Stripe says (identity I1 of accounting C3), or an empty text."""
    if change.net != change.amount - change.fee:
        return f"net {change.net} is not amount {change.amount} less fee {change.fee}"
    parts = sum(part.amount for part in change.fees)
    if parts != change.fee:
        return f"fee {change.fee} is not the sum of its parts, {parts}"
    return ""
