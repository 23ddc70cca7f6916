"""What payouts state: where one stands, once for each status (Stripe facts B9)."""

from __future__ import annotations

from tieout.connectors.stripe._object import StripeObject
from tieout.domain.facts import PAYOUT_CHANGED, Fact, Ignored, Statement

RECONCILED = "reconciled"


def payout_changed(payout: StripeObject) -> Statement:
    """The payout and its status; reversed ones keep their status and say so."""
    status = payout.text("status") or "unknown"
    reversed_too = ":reversed" if payout.id_of("reversed_by") else ""
    return Fact(PAYOUT_CHANGED, f"{payout.id}:{status}{reversed_too}")


def payout_reconciled(payout: StripeObject) -> Statement:
    """All rows of an automatic payout can be listed now."""
    if payout.text("reconciliation_status") not in ("", "completed"):
        return Ignored("its rows cannot be listed yet, or never")
    return Fact(PAYOUT_CHANGED, f"{payout.id}:{RECONCILED}")
