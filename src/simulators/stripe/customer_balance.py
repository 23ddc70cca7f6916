"""What a customer has to the good or owes beside invoices: negative is a credit (Stripe facts B12)."""

from __future__ import annotations

from typing import Any

from simulators.stripe.state import Books
from simulators.stripe.tables import Row

KINDS = frozenset(
    {
        "adjustment", "applied_to_invoice", "unapplied_from_invoice", "credit_note", "initial", "invoice_overpaid",
        "invoice_too_small", "invoice_too_large", "migration", "unspent_receiver_credit",
        "checkout_session_subscription_payment", "checkout_session_subscription_payment_canceled",
    }
)  # fmt: skip


def change_balance(books: Books, customer: Row, amount: int, currency: str, kind: str, **given: Any) -> Row:
    """Add ``amount`` minor units (below 0: a credit) to a customer's balance; the transaction that does it.

    ``given``: invoice, credit_note (ids), description, metadata. ValueError for an unknown kind, another currency than
    the balance's or an amount that is none.
    """
    if kind not in KINDS or not amount:
        raise ValueError(f"type {kind!r}, amount {amount}: give an amount and one of {', '.join(sorted(KINDS))}")
    if customer["balance"] and customer["currency"] not in (None, currency):
        raise ValueError(f"currency {currency!r}: the balance of {customer['id']} is in {customer['currency']}")
    before = {"balance": customer["balance"]}
    customer |= {"balance": customer["balance"] + amount, "currency": currency}
    row = books.blank(
        "customer_balance_transaction",
        amount=amount,
        checkout_session=None,
        credit_note=given.get("credit_note"),
        currency=currency,
        customer=customer["id"],
        customer_account=None,
        description=given.get("description"),
        ending_balance=customer["balance"],
        invoice=given.get("invoice"),
        metadata=given.get("metadata"),
        type=kind,
    )
    books.emit("customer.updated", customer, before)
    return books.put(row)
