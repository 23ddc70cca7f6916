"""What disputes state, from their status and never from an event's name (Stripe facts B10)."""

from __future__ import annotations

from tieout.connectors.stripe._object import StripeObject
from tieout.domain.facts import DISPUTE_CHANGED, DISPUTE_CLOSED, DISPUTE_OPENED, Fact, Ignored, Statement

CLOSED = ("won", "lost", "prevented", "warning_closed")
OPEN = (
    "needs_response",
    "under_review",
    "warning_needs_response",
    "warning_under_review",
    "appeal_needs_response",
    "appeal_under_review",
)


def dispute_opened(dispute: StripeObject) -> Statement:
    """A dispute that is open for the first time; one that was over before we heard of it states its end."""
    if dispute.text("status") in CLOSED:
        return dispute_changed(dispute)
    return Fact(DISPUTE_OPENED, dispute.id)


def dispute_changed(dispute: StripeObject) -> Statement:
    """The end of a dispute, or where it stands: once for each status and each day by which evidence is due."""
    status = dispute.text("status")
    if status in CLOSED:
        return Fact(DISPUTE_CLOSED, f"{dispute.id}:{status}")
    if status not in OPEN:
        return Ignored(f"the dispute is {status or 'of no known status'}, which neither opens nor ends it")
    return Fact(DISPUTE_CHANGED, f"{dispute.id}:{status}:{dispute.whole('evidence_details.due_by')}")


def money_moved(dispute: StripeObject) -> Statement:
    """Money that was withdrawn or given back is posted from its balance row; the status says what it means."""
    if dispute.text("status") in CLOSED:
        return dispute_changed(dispute)
    return Ignored("the money of a dispute is posted from its balance rows; nothing else changed")
