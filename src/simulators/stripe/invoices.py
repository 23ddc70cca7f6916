"""The life of an invoice: issued, paid by one payment or several, overpaid, voided, given up (Stripe facts B12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.amounts import MINIMUM
from simulators.stripe.customer_balance import change_balance
from simulators.stripe.documents import new_invoice
from simulators.stripe.money import new_invoice_payment
from simulators.stripe.pricing import Basket
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

PAYABLE = ("open", "uncollectible")


def issue(books: Books, bought: Basket, customer: Row, **given: Any) -> Row:
    """Keep an invoice and tell of its draft and of its finalisation; ``given`` as for ``documents.new_invoice``."""
    invoice = new_invoice(books, bought, customer, **given)
    books.emit("invoice.created", {**invoice, "status": "draft"})
    books.emit("invoice.finalized", invoice)
    return invoice


def send(books: Books, bought: Basket, customer: Row, days: int, **given: Any) -> Row:
    """Issue an invoice that the customer pays within ``days``, with what the customer has to the good or owes beside it."""
    invoice = new_invoice(books, bought, customer, **given)
    books.emit("invoice.created", {**invoice, "status": "draft"})
    invoice |= {"collection_method": "send_invoice", "due_date": int(books.now()) + days * 86_400}
    _use_balance(books, invoice, customer)
    books.emit("invoice.finalized", invoice)
    books.murmur("invoice.sent", invoice)
    if not invoice["amount_remaining"]:
        settle(books, invoice)
    return invoice


def _use_balance(books: Books, invoice: Row, customer: Row) -> None:
    """Let the customer's balance and the invoice meet: what is below 0, or too little to charge, is left as the balance."""
    starting = customer["balance"] if customer["currency"] in (None, invoice["currency"]) else 0
    asked = invoice["total"] + starting
    too_small = 0 < asked < MINIMUM.get(invoice["currency"], 1)
    ending = asked if asked < 0 or too_small else 0
    if ending == starting:
        return
    invoice |= {"starting_balance": starting, "ending_balance": ending, "_credit": ending - starting}
    invoice |= {"amount_due": asked - ending, "amount_remaining": asked - ending}
    kind = "invoice_too_small" if too_small else "applied_to_invoice"
    change_balance(books, customer, ending - starting, invoice["currency"], kind, invoice=invoice["id"])


def apply_payment(books: Books, invoice: Row, amount: int, charge: Row | None, intent: Row | None) -> None:
    """Count a payment of ``amount`` minor units for an invoice; what is too much becomes the customer's credit.

    Without a charge there was nothing to pay. ValueError when the invoice cannot be paid any more.
    """
    check_payable(invoice)
    over = max(0, amount - invoice["amount_remaining"])
    before = {name: invoice[name] for name in ("amount_paid", "amount_remaining")}
    count(invoice, amount - over)
    if charge is not None:
        invoice["_charge"] = invoice["_charge"] or charge["id"]
        invoice["_payment_intent"] = invoice["_payment_intent"] or charge["payment_intent"]
        invoice["attempt_count"] += 1
        books.emit("invoice_payment.paid", new_invoice_payment(books, invoice, intent, amount))
    if over:
        _overpay(books, invoice, over)
    if invoice["amount_remaining"]:
        books.emit("invoice.updated", invoice, before)
    else:
        settle(books, invoice)
        books.emit("invoice.payment_succeeded", invoice)


def check_payable(invoice: Row) -> None:
    """ValueError unless an invoice can still be paid."""
    if invoice["status"] not in PAYABLE:
        raise ValueError(f"invoice {invoice['id']} is {invoice['status']}: only an open or uncollectible one is paid")


def count(invoice: Row, amount: int) -> None:
    """Count ``amount`` as paid."""
    invoice |= {"amount_paid": invoice["amount_paid"] + amount, "attempted": True}
    invoice["amount_remaining"] = invoice["amount_due"] - invoice["amount_paid"]


def _overpay(books: Books, invoice: Row, over: int) -> None:
    invoice["amount_overpaid"] += over
    customer = books.need(invoice["customer"])
    change_balance(books, customer, -over, invoice["currency"], "invoice_overpaid", invoice=invoice["id"])
    books.emit("invoice.overpaid", invoice)


def settle(books: Books, invoice: Row) -> None:
    """Let an invoice be paid, and tell of it."""
    _become(books, invoice, "paid", "paid_at")
    books.emit("invoice.paid", invoice)


def pay_out_of_band(books: Books, invoice: Row) -> None:
    """Note that the rest of an invoice was paid outside Stripe; ValueError when it cannot be paid any more."""
    check_payable(invoice)
    invoice |= {"_out_of_band": True, "amount_paid_off_stripe": invoice["amount_remaining"]}
    count(invoice, invoice["amount_remaining"])
    settle(books, invoice)


def void(books: Books, invoice: Row) -> None:
    """Take an unpaid invoice back, and the customer's credit out of it; ValueError when some of it is paid."""
    check_payable(invoice)
    if invoice["amount_paid"]:
        raise ValueError(f"invoice {invoice['id']} is paid in part: credit it instead")
    if invoice["_credit"]:
        customer = books.need(invoice["customer"])
        given = {"invoice": invoice["id"]}
        change_balance(books, customer, -invoice["_credit"], invoice["currency"], "unapplied_from_invoice", **given)
    _become(books, invoice, "void", "voided_at")
    books.emit("invoice.voided", invoice)


def give_up(books: Books, invoice: Row) -> None:
    """Mark an open invoice uncollectible; ValueError for any other."""
    if invoice["status"] != "open":
        raise ValueError(f"invoice {invoice['id']} is {invoice['status']}: only an open one becomes uncollectible")
    _become(books, invoice, "uncollectible", "marked_uncollectible_at")
    books.emit("invoice.marked_uncollectible", invoice)


def _become(books: Books, invoice: Row, status: str, moment: str) -> None:
    at: Mapping[str, Any] = invoice["status_transitions"]
    invoice |= {"status": status, "status_transitions": {**at, moment: int(books.now())}}
