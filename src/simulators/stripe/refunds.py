"""Refunds: several for a charge, waiting, succeeding, failing weeks later, taken back (Stripe facts B10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.balance import source_row
from simulators.stripe.money import new_refund
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

REASONS = ("duplicate", "fraudulent", "requested_by_customer", "expired_uncaptured_charge")
FIRST = ("succeeded", "pending", "requires_action")
_NEXT = {
    "pending": {"requires_action", "succeeded", "failed", "canceled"},
    "requires_action": {"pending", "succeeded", "failed", "canceled"},
    "succeeded": {"failed"},
}


def refund(
    books: Books,
    charge: Row,
    amount: int,
    reason: str | None,
    metadata: Mapping[str, Any] | None,
    *,
    status: str = "succeeded",
    fee_returned: bool = False,
) -> Row:
    """Give money back; ValueError beyond what is left. Only a refund that has succeeded has a row.

    A refund of a charge that is pending waits for it, and is canceled if the charge fails.
    ``fee_returned`` gives back the charge's fee in proportion, as Stripe did for older accounts.
    """
    if status not in FIRST:
        raise ValueError(f"status {status!r} is none of {', '.join(FIRST)}")
    if reason is not None and reason not in REASONS:
        raise ValueError(f"reason {reason!r} is none of {', '.join(REASONS)}")
    left = charge["amount"] - charge["amount_refunded"]
    if not charge["captured"] or charge["status"] == "failed" or not 0 < amount <= left:
        raise ValueError(f"charge {charge['id']}: cannot refund {amount}")
    waits = charge["status"] == "pending" and status == "succeeded"
    status = "pending" if waits else status
    if fee_returned and not charge["balance_transaction"]:
        raise ValueError(f"charge {charge['id']} has no balance transaction yet, so no fee to return")
    row = new_refund(books, charge, amount, reason=reason, metadata=metadata, status=status)
    row |= {"_fee_returned": fee_returned, "pending_reason": "charge_pending" if waits else row["pending_reason"]}
    before = _count(charge, amount)
    if status == "succeeded":
        take(books, row)
    books.emit("refund.created", row)
    books.emit("charge.refunded", charge, before)
    return row


def _count(charge: Row, amount: int) -> Row:
    """Count what is refunded of a charge, or what is no more (below 0); what it was before."""
    before = {name: charge[name] for name in ("amount_refunded", "refunded")}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    return {name: value for name, value in before.items() if value != charge[name]}


def take(books: Books, row: Row, category: str = "refund") -> None:
    """Book the money of a refund."""
    charge = books.need(row["charge"])
    kind = "payment_refund" if charge["_kind"] == "payment" else "refund"
    fees = _returned_fees(books, charge, row["amount"]) if row.get("_fee_returned") else []
    row["balance_transaction"] = source_row(books, row, -row["amount"], kind, category, fees=fees)["id"]


def _returned_fees(books: Books, charge: Row, amount: int) -> list[Row]:
    details = books.need(charge["balance_transaction"])["fee_details"]
    parts = [{"type": each["type"], "amount": -(each["amount"] * amount // charge["amount"])} for each in details]
    return [{**part, "description": "Returned Stripe fee"} for part in parts if part["amount"]]


def move_refund(books: Books, row: Row, status: str, failure_reason: str = "unknown") -> None:
    """Let a refund succeed, fail (also after it has succeeded), be canceled or need the customer.

    ValueError where it cannot. Of one that had its money the money comes back with a row of its own.
    """
    if status not in _NEXT.get(row["status"], ()):
        raise ValueError(f"refund {row['id']} is {row['status']} and cannot become {status!r}")
    before = {"status": row["status"]}
    row |= {"status": status, "pending_reason": "processing" if status == "pending" else None}
    if status == "succeeded":
        take(books, row)
        before["balance_transaction"] = None
    if status in ("failed", "canceled"):
        _fall_back(books, row, failure_reason)
    books.emit("refund.updated", row, before)
    books.murmur("charge.refund.updated", row)
    if status == "failed":
        books.emit("refund.failed", row, before)


def end_waiting(books: Books, charge: Row) -> None:
    """Let refunds that waited for a charge go the way it went."""
    table = books.tables["refund"]
    for row in [table.rows[place] for place in table.among({"charge": charge["id"]})]:
        if row["pending_reason"] == "charge_pending":
            move_refund(books, row, "succeeded" if charge["status"] == "succeeded" else "canceled")


def _fall_back(books: Books, row: Row, failure_reason: str) -> None:
    _count(books.need(row["charge"]), -row["amount"])
    if row["status"] == "failed":
        row["failure_reason"] = failure_reason
    if row["balance_transaction"]:
        back = source_row(books, row, row["amount"], "refund_failure", "refund_failure")
        row["failure_balance_transaction"] = back["id"]
