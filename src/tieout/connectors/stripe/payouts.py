"""Reads payouts (Stripe B9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.domain.reconciliation.statement import Payout
from tieout.kernel.redact import printable


def read_payout(calls: Calls, payout: str) -> Payout | None:
    """One payout as it is now, or None when Stripe has none by that id."""
    found = calls.find(object_path("payouts", payout))
    return payout_of(found) if found else None


def read_payouts(calls: Calls, since: int, until: int) -> Iterator[Payout]:
    """The payouts created from ``since`` until before ``until`` (epoch seconds), newest first."""
    for found in calls.every("payouts", {"created": {"gte": since, "lt": until}}):
        yield payout_of(found)


def payout_of(found: StripeObject) -> Payout:
    """One payout in our words; Failed(Defect) when a number that it must have is missing."""
    return Payout(
        id=found.id,
        amount=found.amount("amount"),
        currency=found.text("currency"),
        status=found.text("status"),
        automatic=found.flag("automatic"),
        created=found.amount("created"),
        arrival_day=_bank_day(found.whole("arrival_date")),
        complete=found.text("reconciliation_status") == "completed",
        method=found.text("method") or "standard",
        own_row=found.id_of("balance_transaction"),
        return_row=found.id_of("failure_balance_transaction"),
        trace=printable(found.text("trace_id.value")),
        descriptor=printable(found.text("statement_descriptor")),
        destination=found.id_of("destination"),
        failure_code=found.text("failure_code"),
        original=found.id_of("original_payout"),
        reversed_by=found.id_of("reversed_by"),
    )


def _bank_day(moment: int) -> str:
    """Midnight UTC of a bank day."""
    return datetime.fromtimestamp(moment, UTC).date().isoformat() if moment else ""
