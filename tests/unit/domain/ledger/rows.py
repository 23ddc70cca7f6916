"""Rows of Stripe's balance for tests, with every field that matters spelled out."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.ledger.balance_change import BalanceChange, FeePart, Origin
from tieout.domain.ledger.period import Calendar
from tieout.domain.ledger.policy import Policy
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.valuing import Rates

NOON = 1_793_620_800  # 2026-11-02 12:00 UTC, so the same day in New York


def row(
    row_id: str,
    category: str,
    amount: int,
    fee: int = 0,
    *,
    currency: str = "usd",
    type: str = "",
    fees: tuple[FeePart, ...] | None = None,
    created: int = NOON,
    origin: Origin | None = None,
) -> BalanceChange:
    """One row; its fee is one ``stripe_fee`` unless its parts are given."""
    parts = fees if fees is not None else ((FeePart("stripe_fee", fee),) if fee else ())
    whole = sum(part.amount for part in parts)
    return BalanceChange(
        id=row_id, type=type or category, category=category, amount=amount, fee=whole, net=amount - whole,
        currency=currency, created=created, available_on=created + 2 * 86_400, source=f"src_{row_id}", fees=parts,
        origin=origin or Origin(),
    )  # fmt: skip


def book(policy: Policy | None = None, **rates: str) -> Book:
    """A book in New York with fixed rates: ``eur="1.10"``."""
    policy = policy or Policy()
    known = {currency: [("2026-10-30", Decimal(rate))] for currency, rate in rates.items()}
    return Book(policy, Rates(policy.ledger_currency, known), Calendar())
