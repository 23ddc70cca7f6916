"""Rows of the balance that belong to no payment: fees, reserves, top-ups, conversions and the unheard-of (B8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from simulators.stripe.amounts import rounded
from simulators.stripe.balance import DAY, day_rate, new_row
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

# The category of a type where it is not called the same.
CATEGORIES = {
    "stripe_fee": "fee", "stripe_fx_fee": "fee", "tax_fee": "tax", "adjustment": "other_adjustment",
    "reserved_funds": "risk_reserved_funds", "reserve_hold": "risk_reserved_funds",
    "reserve_release": "risk_reserved_funds", "reserve_transaction": "connect_reserved_funds",
    "application_fee": "platform_earning", "application_fee_refund": "platform_earning_refund",
    "transfer_refund": "transfer_reversal", "transfer_cancel": "transfer_reversal",
    "transfer_failure": "transfer_reversal", "payment_failure_refund": "charge_failure",
    "payment_unreconciled": "unreconciled_customer_funds", "payment": "charge", "payment_refund": "refund",
    "payout_cancel": "payout_reversal", "payout_failure": "payout_reversal",
}  # fmt: skip
TOPUP_STATES = ("succeeded", "failed", "canceled", "reversed")
_TOPUP_NEXT = {"pending": {"succeeded", "failed", "canceled"}, "succeeded": {"reversed", "failed"}}


def add_row(
    books: Books,
    kind: str,
    amount: int,
    *,
    category: str,
    currency: str,
    fee: int | None,
    fee_details: Sequence[Mapping[str, Any]],
    available_days: int,
    exchange_rate: str | None,
    **given: Any,
) -> Row:
    """Keep a row of any type and category, known or not; ValueError when its fee is not what ``fee_details`` add up to.

    ``given``: source, description, balance_type, as for ``balance.new_row``.
    """
    fees = list(fee_details) or ([{"type": "stripe_fee", "amount": fee}] if fee else [])
    total = sum(each.get("amount", 0) for each in fees)
    if fee is not None and fee != total:
        raise ValueError(f"fee {fee}: its fee_details add up to {total}")
    given["rate"] = None if exchange_rate is None else Decimal(exchange_rate)
    given["available_on"] = int(books.now()) + available_days * DAY
    named = category or CATEGORIES.get(kind, kind)
    return new_row(books, kind, named, amount, currency or books.traits.settlement, fees=fees, **given)


def convert(books: Books, amount: int, source: str, target: str, received: int | None) -> tuple[Row, Row]:
    """Change money of one balance into another at today's rate, or for ``received``; the two rows."""
    rate = day_rate(books, source, target)
    if rate is None or amount <= 0:
        raise ValueError(f"amount {amount} from {source} to {target}: give two currencies and an amount above 0")
    got = rounded(amount * rate) if received is None else received
    text = f"Currency conversion from {source} to {target}"
    given = {"rate": rate, "description": text}
    out = new_row(books, "adjustment", "currency_conversion", -amount, source, **given)
    return out, new_row(books, "adjustment", "currency_conversion", got, target, **given)


def top_up(books: Books, amount: int, currency: str, *, status: str) -> Row:
    """Bring money from the bank; ``status`` is pending or succeeded. ValueError for an amount that is none."""
    if amount <= 0 or status not in ("pending", "succeeded"):
        raise ValueError(f"amount {amount}, status {status!r}: give an amount above 0; pending or succeeded")
    row = books.blank(
        "topup",
        amount=amount,
        balance_transaction=None,
        currency=currency,
        description="Top-up",
        expected_availability_date=int(books.now()) + 5 * DAY,
        failure_code=None,
        failure_message=None,
        initiated_by="user",
        payment_method=None,
        payment_method_options=None,
        source=None,
        statement_descriptor=None,
        status="pending",
        transfer_group=None,
    )
    books.emit("topup.created", books.put(row))
    if status == "succeeded":
        move_topup(books, row, status)
    return row


def move_topup(books: Books, row: Row, status: str) -> None:
    """Let a top-up succeed, fail, be canceled or be reversed; ValueError where it cannot."""
    if status not in _TOPUP_NEXT.get(row["status"], ()):
        raise ValueError(f"topup {row['id']} is {row['status']} and cannot become {status!r}")
    before, row["status"] = {"status": row["status"]}, status
    if status == "succeeded":
        row["balance_transaction"] = _topup_row(books, row, "topup", row["amount"])["id"]
    elif before["status"] == "succeeded":
        _topup_row(books, row, "topup_reversal", -row["amount"])
    if status == "failed":
        row |= {"failure_code": "insufficient_funds", "failure_message": "The bank account had too little money."}
    books.emit(f"topup.{status}", row, before)


def _topup_row(books: Books, row: Row, kind: str, amount: int) -> Row:
    return new_row(books, kind, kind, amount, row["currency"], source=row["id"], description=row["description"])
