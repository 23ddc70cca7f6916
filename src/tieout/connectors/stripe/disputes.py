"""Reads a dispute afresh: money from its balance rows, the outcome from its status (B10)."""

from __future__ import annotations

from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.domain.taken_back import Dispute, DisputeRow


def read_dispute(calls: Calls, dispute_id: str) -> Dispute:
    """The dispute as it is now. Raises Failed."""
    dispute = calls.get(object_path("disputes", dispute_id))
    rows = tuple(_row(one) for one in dispute.parts("balance_transactions"))
    status = dispute.text("status")
    return Dispute(
        id=dispute.id,
        status=status,
        amount=dispute.amount("amount"),
        currency=dispute.text("currency"),
        created=dispute.whole("created"),
        reason=dispute.text("reason"),
        charge_id=dispute.id_of("charge"),
        payment_id=dispute.id_of("payment_intent", "charge"),
        evidence_due=dispute.whole("evidence_details.due_by"),
        is_charge_refundable=dispute.flag("is_charge_refundable"),
        is_inquiry=status.startswith("warning_"),
        rows=rows,
        withdrawn=-sum(row.amount for row in rows if row.amount < 0),
        given_back=sum(row.amount for row in rows if row.amount > 0),
        fees=sum(row.fee for row in rows),
        balance_currency=rows[0].currency if rows else dispute.text("currency"),
        metadata=dispute.texts("metadata"),
    )


def _row(row: StripeObject) -> DisputeRow:
    return DisputeRow(
        id=row.id,
        amount=row.amount("amount"),
        fee=row.whole("fee"),
        net=row.amount("net"),
        currency=row.text("currency"),
        category=row.text("reporting_category"),
    )
