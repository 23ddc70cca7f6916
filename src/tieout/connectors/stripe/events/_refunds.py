"""What refunds state: made, paid out, or failed (Stripe facts B2, B10)."""

from __future__ import annotations

from tieout.connectors.stripe._object import StripeObject
from tieout.domain.facts import REFUND_FAILED, REFUND_MADE, REFUND_PAID, Fact, Ignored, Statement

GONE = ("failed", "canceled")
UNDER_WAY = ("pending", "succeeded")


def refund_made(refund: StripeObject) -> Statement:
    """A refund that was just made states that it was, however far its money has come; one that is gone never was."""
    if refund.text("status") in GONE:
        return Fact(REFUND_FAILED, refund.id)
    return Fact(REFUND_MADE, refund.id) if refund.text("status") in UNDER_WAY else _undecided(refund)


def refund_changed(refund: StripeObject) -> Statement:
    """A refund that changed states how far it has come: its money left once its balance row exists."""
    status = refund.text("status")
    if status in GONE:
        return Fact(REFUND_FAILED, refund.id)
    if status == "succeeded" and refund.id_of("balance_transaction"):
        return Fact(REFUND_PAID, refund.id)
    return Fact(REFUND_MADE, refund.id) if status in UNDER_WAY else _undecided(refund)


def _undecided(refund: StripeObject) -> Ignored:
    status = refund.text("status")
    if status == "requires_action":
        return Ignored("the buyer must act before this refund is under way; refund.updated will say when it is")
    return Ignored(f"the refund is {status or 'of no known status'}, which is neither under way nor failed")
