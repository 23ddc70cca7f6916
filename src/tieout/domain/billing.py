"""Stripe's own invoices, their payments and their credit notes as Tieout reads them; amounts are minor units (B12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tieout.domain.sale import Order, Party


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """What one payment gave to one invoice. ``payment_id`` is empty for money that is not in Stripe (``out_of_band``).

    ``beyond`` is what it gave over the invoice's own total: for a balance that the customer owed, or too much (``overpaid``).
    ``after_write_off`` says that the invoice was uncollectible by then, ``recovered_before`` what came before it since then.
    """

    id: str
    payment_id: str
    amount: int
    currency: str
    paid_at: int
    out_of_band: bool
    beyond: int = 0
    overpaid: int = 0
    after_write_off: bool = False
    recovered_before: int = 0


@dataclass(frozen=True, slots=True)
class StripeInvoice:
    """One invoice as it is now: ``order`` holds lines, freight, tax and total.

    ``from_balance`` is by how much the customer's balance lowered what is asked for (below 0: raised it). Of that
    ``credit_applied`` was credit, ``debt_left`` is owed with a later invoice (too little to charge), and ``debt_billed`` was
    owed before and is asked for now; an invoice below 0 leaves its total as ``credit_left``.
    Days are epoch seconds, 0 when there is none; ``changed_at`` is when it came to its status. ``given_up`` is what was open
    when it became uncollectible. ``payments`` are the certain ones, and what is paid without any record of a payment as one
    more (``ID:outside``).
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
    from_balance: int
    credit_applied: int
    debt_left: int
    debt_billed: int
    credit_left: int
    out_of_band: bool
    given_up: int
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

    The parts: ``refunds`` (ids and amounts), ``to_balance`` (the customer's credit) and ``out_of_band``. ``voided_at`` is 0
    while it stands.
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
    voided_at: int
    lines: tuple[CreditNoteLine, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person changed of a customer's balance by hand: ``amount`` above 0 is credit given, below 0 is owed from now on."""

    id: str
    amount: int
    currency: str
    created: int
    description: str


@dataclass(frozen=True, slots=True)
class CustomerCredit:
    """A customer's ``balance`` (minor units, below 0: to the good) and what was changed of it by hand, oldest first."""

    customer: Party
    balance: int
    currency: str
    granted: tuple[Grant, ...]
