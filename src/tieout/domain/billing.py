"""Stripe's own invoices, their payments and their credit notes as Tieout reads them; amounts are minor units (B12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tieout.domain.sale import Order, Party


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """What one payment gave to one invoice. ``payment_id`` is empty for money that is not in Stripe (``out_of_band``)."""

    id: str
    payment_id: str
    amount: int
    currency: str
    paid_at: int
    out_of_band: bool


@dataclass(frozen=True, slots=True)
class StripeInvoice:
    """One invoice as it is now: ``order`` holds lines, freight, tax and total.

    ``credit_applied`` is what the customer's credit paid of it. Days are epoch seconds, 0 when there is none; ``changed_at`` is
    when it came to its status.
    ``payments`` are the certain ones, without what was paid too much.
    """

    id: str
    number: str
    status: str
    currency: str
    finalised_at: int
    due_at: int
    changed_at: int
    total: int
    amount_paid: int
    amount_remaining: int
    amount_overpaid: int
    credit_applied: int
    out_of_band: bool
    customer: Party
    order: Order
    payments: tuple[InvoicePayment, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CreditNoteLine:
    """What a credit note takes back of one line: ``gross`` with tax. ``place`` is the line's in the invoice, or -1.

    Freight has the place behind the last line.
    """

    id: str
    description: str
    quantity: Decimal
    gross: int
    tax: int
    place: int


@dataclass(frozen=True, slots=True)
class CreditNote:
    """One credit note as it is now. ``pre_payment`` lowers what is due; ``post_payment`` goes back in three parts.

    The parts: ``refunds`` (ids and amounts), ``to_balance`` (the customer's credit) and ``out_of_band``.
    """

    id: str
    number: str
    status: str
    invoice_id: str
    customer_id: str
    currency: str
    created: int
    reason: str
    memo: str
    total: int
    tax: int
    pre_payment: int
    post_payment: int
    to_balance: int
    out_of_band: int
    refunded: int
    refund_ids: tuple[str, ...]
    lines: tuple[CreditNoteLine, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
