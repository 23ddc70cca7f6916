"""Money that goes back as Tieout reads it, whichever API shape it came from: refunds and disputes, in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund as it is now. ``payment_id`` is the payment intent, or the charge where there is none.

    ``standing`` is what all refunds of the charge that have not failed come to, this one included. A refund
    ``is_uncaptured_part`` when it only gives up what was authorised and never captured: no sale is taken back (B8).
    ``paid_out`` says that its balance row exists, ``paid_at`` when its money left; it and ``created`` are epoch seconds.
    """

    id: str
    status: str
    amount: int
    currency: str
    created: int
    reason: str
    charge_id: str
    payment_id: str
    invoice_id: str
    customer_id: str
    credit_note_id: str
    balance_transaction_id: str
    failure_balance_transaction_id: str
    failure_reason: str
    paid_out: bool
    failed: bool
    is_uncaptured_part: bool
    standing: int
    metadata: Mapping[str, str] = field(default_factory=dict)
    paid_at: int = 0


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One balance row of a dispute: ``amount`` below 0 was withdrawn, above 0 given back; ``net`` is amount less fee."""

    id: str
    amount: int
    fee: int
    net: int
    currency: str
    category: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """One dispute as it is now. Money is in ``rows`` only; ``status`` is the outcome and never the money (B10).

    ``evidence_due`` is in epoch seconds, 0 when nothing is due. ``withdrawn`` and ``given_back`` sum the rows, without
    fees, in the currency of the balance. An inquiry moves no money.
    """

    id: str
    status: str
    amount: int
    currency: str
    created: int
    reason: str
    charge_id: str
    payment_id: str
    evidence_due: int
    is_charge_refundable: bool
    is_inquiry: bool
    rows: tuple[DisputeRow, ...]
    withdrawn: int
    given_back: int
    fees: int
    balance_currency: str
    metadata: Mapping[str, str] = field(default_factory=dict)
