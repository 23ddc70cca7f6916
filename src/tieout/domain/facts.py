"""What happened in the world, in our words: the facts that events state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to one subject.

    ``kind`` is a word of ours (``payment_succeeded``), ``subject`` the Stripe id it happened to; where the same kind happens
    to one object more than once, what tells the changes apart stands behind a colon (``dp_…:won``). The same fact stated by
    several events is one fact: ``identity`` is equal, and only the first of them starts a run.
    """

    kind: str
    subject: str

    @property
    def identity(self) -> str:
        """What makes two statements the same fact, inside one connection and mode."""
        return f"{self.kind}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that states no fact we act on, and the rule that says so."""

    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """An event that writes and posts nothing, but that a person is told of; the sentence says what to do."""

    sentence: str


Statement = Fact | Ignored | Notice


def object_of(subject: str) -> str:
    """The Stripe id in a fact's subject: ``dp_1`` of ``dp_1:won``."""
    return subject.partition(":")[0]


PAYMENT_SUCCEEDED = "payment_succeeded"
ORDER_WAS_FREE = "order_was_free"
REFUND_MADE = "refund_made"
REFUND_PAID = "refund_paid"
REFUND_FAILED = "refund_failed"
DISPUTE_OPENED = "dispute_opened"
DISPUTE_CHANGED = "dispute_changed"
DISPUTE_CLOSED = "dispute_closed"
INVOICE_FINALISED = "invoice_finalised"
INVOICE_NOT_FINALISED = "invoice_not_finalised"
INVOICE_PAID = "invoice_paid"
INVOICE_OVERPAID = "invoice_overpaid"
INVOICE_VOIDED = "invoice_voided"
INVOICE_UNCOLLECTIBLE = "invoice_uncollectible"
CREDIT_NOTE_ISSUED = "credit_note_issued"
CREDIT_NOTE_VOIDED = "credit_note_voided"
CUSTOMER_BALANCE_CHANGED = "customer_balance_changed"
PAYOUT_CHANGED = "payout_changed"
JOURNAL_DUE = "journal_due"
KINDS = (
    PAYMENT_SUCCEEDED,
    ORDER_WAS_FREE,
    REFUND_MADE,
    REFUND_PAID,
    REFUND_FAILED,
    DISPUTE_OPENED,
    DISPUTE_CHANGED,
    DISPUTE_CLOSED,
    INVOICE_FINALISED,
    INVOICE_NOT_FINALISED,
    INVOICE_PAID,
    INVOICE_OVERPAID,
    INVOICE_VOIDED,
    INVOICE_UNCOLLECTIBLE,
    CREDIT_NOTE_ISSUED,
    CREDIT_NOTE_VOIDED,
    CUSTOMER_BALANCE_CHANGED,
    PAYOUT_CHANGED,
    JOURNAL_DUE,
)

OWN = "tieout."
"""Types of events that begin so were stated by Tieout itself; their body is the fact."""
