"""Disputes: the bank takes money back, gives it back or only asks (Stripe facts B10).

Money is in the rows of ``balance_transactions``; the status says only how the matter stands.
"""

from __future__ import annotations

from typing import Any

from simulators.stripe.balance import DAY, converted, new_row
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

STATES = (
    "warning_needs_response", "warning_under_review", "warning_closed", "needs_response", "under_review", "won",
    "lost", "prevented", "appeal_needs_response", "appeal_under_review",
)  # fmt: skip
CLOSED = frozenset({"warning_closed", "won", "lost", "prevented"})
FEE = 1_500
_EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "customer_communication", "customer_name",
    "product_description", "receipt", "refund_policy", "service_date", "shipping_carrier", "shipping_date",
    "shipping_tracking_number", "uncategorized_text",
)  # fmt: skip


def open_dispute(books: Books, charge: Row, amount: int, reason: str, status: str, *, fee: int, due_days: int) -> Row:
    """Let a charge be disputed, ``amount`` in the charge's currency, ``fee`` in the settlement's minor units.

    A ``warning_…`` status is an inquiry and prevented is a dispute that never came: neither moves money.
    """
    _check_state(status)
    if not charge["captured"] or charge["status"] != "succeeded" or amount <= 0:
        raise ValueError(f"charge {charge['id']} is {charge['status']}: cannot dispute {amount} of it")
    dispute = _new_dispute(books, charge, amount, reason, status, due_days)
    dispute["_fee"] = fee
    charge |= {"disputed": True, "dispute": dispute["id"]}
    withdrawn = not status.startswith("warning_") and status != "prevented"
    if withdrawn:
        _withdraw(books, dispute, fee)
    books.emit("charge.dispute.created", dispute)
    if withdrawn:
        books.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _new_dispute(books: Books, charge: Row, amount: int, reason: str, status: str, due_days: int) -> Row:
    inquiry = status.startswith("warning_")
    case = "inquiry" if inquiry else "chargeback"
    row = books.blank(
        "dispute",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        evidence_details={
            "due_by": int(books.now()) // DAY * DAY + due_days * DAY + DAY - 1,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=inquiry,
        payment_intent=charge["payment_intent"],
        payment_method_details={
            "card": {"brand": "visa", "case_type": case, "network_reason_code": "10.4", "network": "visa"},
            "type": "card",
        },
        reason=reason,
        status=status,
    )
    return books.put({**row, "_rows": [], "_out": 0, "_counter_fee": 0})


def move_dispute(
    books: Books, dispute: Row, status: str, *, amount: int | None = None, counter_fee: int = 0, fee_back: int = 0
) -> None:
    """Let a dispute come to another status, and the money that belongs to it move.

    ``counter_fee`` is taken when it is contested (under_review) and comes back when it is won. ``amount``, in the
    charge's currency, is what comes back when it is lost in part or won in part (won: all of it, lost: nothing).
    ``fee_back`` is how much of the first fee comes back, in the settlement's minor units.
    """
    _check_state(status)
    if status == dispute["status"]:
        raise ValueError(f"dispute {dispute['id']} is {status} already")
    out = dispute["_out"] or dispute["amount"]
    if not 0 <= (amount or 0) <= out:
        raise ValueError(f"amount {amount}: only {out} of dispute {dispute['id']} can come back")
    before, moved = {"status": dispute["status"]}, dispute["_out"]
    dispute["status"] = status
    if status in ("under_review", "warning_under_review"):
        _submit(dispute)
    _move_money(books, dispute, amount, counter_fee, fee_back)
    books.emit("charge.dispute.updated", dispute, before)
    if dispute["_out"] > moved or counter_fee:
        books.emit("charge.dispute.funds_withdrawn", dispute)
    if dispute["_out"] < moved:
        books.emit("charge.dispute.funds_reinstated", dispute)
    if status in CLOSED:
        books.emit("charge.dispute.closed", dispute, before)


def _check_state(status: str) -> None:
    if status not in STATES:
        raise ValueError(f"status {status!r} is none of {', '.join(STATES)}")


def _submit(dispute: Row) -> None:
    details = dispute["evidence_details"]
    count = details["submission_count"] + 1
    dispute["evidence_details"] = {**details, "has_evidence": True, "submission_count": count}


def _move_money(books: Books, dispute: Row, amount: int | None, counter_fee: int, fee_back: int) -> None:
    status = dispute["status"]
    if status in ("needs_response", "lost") and not dispute["_out"]:
        _withdraw(books, dispute, dispute["_fee"] if not dispute["_rows"] else 0)
    if counter_fee:
        dispute["_counter_fee"] += counter_fee
        _book(books, dispute, 0, "dispute", counter_fee, "Dispute countered fee")
    back = dispute["_out"] if amount is None and status == "won" else amount or 0
    fee = fee_back + (dispute["_counter_fee"] if status == "won" else 0)
    if back or fee:
        _book(books, dispute, back, "dispute_reversal", -fee, "Returned dispute fee")
        dispute["_out"] -= back
    if status == "won":
        dispute["_counter_fee"] = 0


def _withdraw(books: Books, dispute: Row, fee: int) -> None:
    _book(books, dispute, -dispute["amount"], "dispute", fee, "Dispute fee")
    dispute["_out"] = dispute["amount"]


def _book(books: Books, dispute: Row, amount: int, category: str, fee: int, text: str) -> None:
    """A row of the dispute; its rate is not shown even when it was converted, as measured (B7)."""
    booked, currency, _ = converted(books, amount, dispute["currency"])
    fees: list[dict[str, Any]] = [{"type": "stripe_fee", "amount": fee, "description": text}] if fee else []
    about = f"Chargeback {'withdrawal' if category == 'dispute' else 'reversal'} for {dispute['charge']}"
    row = new_row(books, "adjustment", category, booked, currency, source=dispute["id"], fees=fees, description=about)
    dispute["_rows"] = [*dispute["_rows"], row["id"]]
