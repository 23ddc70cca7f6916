"""The bank's side of payouts: what really reached it, for checkers and as a bank statement (accounting facts C3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from simulators.stripe.payouts import trace_of
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

FIELDS = frozenset({"date", "amount", "currency", "trace", "descriptor"})


def deposits(books: Books) -> list[Row]:
    """Rows with payout, date (ISO), amount (minor units, negative for a debit), currency, trace and descriptor.

    A payout that failed after it had reached the bank shows twice: in and out again.
    """
    rows = []
    for payout in books.tables["payout"].rows:
        if payout["_reached"]:
            rows.append(_deposit(payout, payout["amount"]))
        if payout["_reached"] and payout["status"] == "failed":
            rows.append(_deposit(payout, -payout["amount"]))
    return rows


def _deposit(payout: Row, amount: int) -> Row:
    row = {
        "payout": payout["id"],
        "date": datetime.fromtimestamp(payout["arrival_date"], UTC).date().isoformat(),
        "amount": amount,
        "currency": payout["currency"],
        "trace": trace_of(payout),
        "descriptor": payout["statement_descriptor"] or "STRIPE",
    }
    return {**row, **payout.get("_deposit", {})}


def alter_deposit(payout: Row, fields: dict[str, Any]) -> None:
    """Let the bank have booked something else than Stripe sent; ValueError for an unknown field."""
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise ValueError(f"deposit field {unknown[0]!r} is none of {', '.join(sorted(FIELDS))}")
    payout["_deposit"] = {**payout.get("_deposit", {}), **fields}
