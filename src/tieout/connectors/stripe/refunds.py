"""Reads a refund afresh, with its charge, the refunds beside it and the credit note that made it (B8, B10)."""

from __future__ import annotations

from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.payments import captured_amount, read_payment
from tieout.domain.sale import Payment
from tieout.domain.taken_back import Refund

GONE = ("failed", "canceled")
UNCAPTURED = "partial_capture_reversal"


def read_refund(calls: Calls, refund_id: str) -> Refund:
    """The refund as it is now. Raises Failed."""
    refund = calls.get(object_path("refunds", refund_id), {"expand": ["balance_transaction", "charge"]})
    charge_id = refund.id_of("charge")
    payment = read_payment(calls, refund.id_of("payment_intent") or charge_id)
    charge = refund.part("charge") or calls.get(object_path("charges", charge_id or payment.charge_id))
    beside = tuple(calls.every("refunds", {"charge": charge.id}))
    return _refund(refund, charge, payment, beside, _credit_note(calls, payment.invoice_id, refund.id))


def _refund(
    refund: StripeObject, charge: StripeObject, payment: Payment, beside: tuple[StripeObject, ...], note: str
) -> Refund:
    row, status = refund.id_of("balance_transaction"), refund.text("status")
    standing = [one for one in beside if one.text("status") not in GONE and not _is_uncaptured(one, charge)]
    return Refund(
        id=refund.id,
        status=status,
        amount=refund.amount("amount"),
        currency=refund.text("currency") or payment.currency,
        created=refund.whole("created"),
        paid_at=refund.whole("balance_transaction.created") or refund.whole("created"),
        reason=refund.text("reason"),
        charge_id=charge.id,
        payment_id=payment.id,
        invoice_id=payment.invoice_id,
        customer_id=payment.customer.id,
        credit_note_id=note,
        balance_transaction_id=row,
        failure_balance_transaction_id=refund.id_of("failure_balance_transaction"),
        failure_reason=refund.text("failure_reason"),
        paid_out=bool(row) and status not in GONE,
        failed=status in GONE,
        is_uncaptured_part=_is_uncaptured(refund, charge),
        standing=sum(one.amount("amount") for one in standing),
        metadata=refund.texts("metadata"),
    )


def _is_uncaptured(refund: StripeObject, charge: StripeObject) -> bool:
    """Its row says so; in a list, where rows are not told, it is the one that gave up what was never captured."""
    if category := refund.text("balance_transaction.reporting_category"):
        return category == UNCAPTURED
    uncaptured = charge.whole("amount") - captured_amount(charge)
    return uncaptured > 0 and refund.whole("amount") == uncaptured and not refund.text("reason")


def _credit_note(calls: Calls, invoice_id: str, refund_id: str) -> str:
    """The credit note that a refund pays out: ``refunds`` since 2025-03-31, one ``refund`` before (B1)."""
    if not invoice_id:
        return ""
    for note in calls.every("credit_notes", {"invoice": invoice_id}):
        if refund_id in refunds_of(note):
            return note.id
    return ""


def refunds_of(note: StripeObject) -> tuple[str, ...]:
    """The refunds that a credit note names."""
    named = [one.id_of("refund") for one in note.parts("refunds")] or [note.id_of("refund")]
    return tuple(refund_id for refund_id in named if refund_id)
