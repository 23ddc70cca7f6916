"""How a payment goes: objects are made and told of in Stripe's order, the balance transaction arrives later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.stripe.balance import source_row
from simulators.stripe.documents import new_session
from simulators.stripe.invoices import apply_payment, issue
from simulators.stripe.money import new_charge, new_intent, new_refund
from simulators.stripe.parties import shipping_of
from simulators.stripe.pricing import Basket
from simulators.stripe.refunds import end_waiting, take
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

WAYS = ("checkout", "invoice", "intent", "charge")


@dataclass(frozen=True, slots=True)
class Paid:
    """The ids of everything one payment made; empty for what it did not need. ``amount`` is in minor units."""

    amount: int
    currency: str
    customer: str = ""
    charge: str = ""
    payment_intent: str = ""
    session: str = ""
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a payment is made; see ``StripeAccount.pay``."""

    via: str
    metadata: Mapping[str, Any]
    payment_metadata: Mapping[str, Any]
    shipping: Row | None
    captured: bool
    unpaid: bool
    description: str | None
    client_reference_id: str | None
    subscription: str | None
    fees: Sequence[Mapping[str, Any]] | None = None

    @classmethod
    def of(cls, via: str, **given: Any) -> Terms:
        """Terms that say nothing but what is given."""
        plain = {"shipping": None, "captured": True, "unpaid": False, "description": None}
        return cls(via=via, **{**plain, "client_reference_id": None, "subscription": None, **given})


def buyer_of(books: Books, customer: str | None, email: str | None, name: str | None, address: Any) -> Row:
    """Who pays, from the customer where nothing else is said; ValueError for a deleted customer."""
    known: Row = books.need(customer, "customer") if customer else {}
    if known.get("_deleted"):
        raise ValueError(f"customer {customer} is deleted and cannot pay")
    return {
        "customer": customer,
        "email": email or known.get("email"),
        "receipt_email": email,
        "name": name or known.get("name"),
        "phone": known.get("phone"),
        "address": address or known.get("address"),
    }


def make_payment(books: Books, bought: Basket, buyer: Row, terms: Terms) -> Paid:
    """Make everything one payment makes, and tell of it; ValueError when it makes no sense."""
    if terms.via not in WAYS:
        raise ValueError(f"via {terms.via!r} is none of {', '.join(WAYS)}")
    if not bought.total and terms.via in ("intent", "charge"):
        raise ValueError(f"a payment via {terms.via} needs an amount above 0")
    invoice = _invoice(books, bought, buyer, terms) if terms.via == "invoice" else None
    intent = _intent(books, bought, buyer, terms, invoice) if bought.total and terms.via != "charge" else None
    charge = _charge(books, bought, buyer, terms, intent) if bought.total else None
    session = _session(books, bought, buyer, terms, intent) if terms.via == "checkout" else None
    if invoice is not None:
        _pay_invoice(books, invoice, charge, intent)
    ids = [row["id"] if row else "" for row in (charge, intent, session, invoice)]
    return Paid(bought.total, bought.currency, buyer["customer"] or "", *ids)


def _invoice(books: Books, bought: Basket, buyer: Row, terms: Terms) -> Row:
    if not buyer["customer"]:
        raise ValueError("customer: an invoice needs one")
    shared: dict[str, Any] = {"shipping": terms.shipping, "description": terms.description}
    shared |= {"metadata": terms.metadata, "subscription": terms.subscription}
    return issue(books, bought, books.need(buyer["customer"]), **shared)


def pay_issued(books: Books, invoice: Row, bought: Basket, buyer: Row, terms: Terms) -> Paid:
    """Pay an invoice that was issued before, or a part of it, or more than it asks for."""
    if not bought.total:
        raise ValueError(f"invoice {invoice['id']}: there is nothing to pay")
    intent = _intent(books, bought, buyer, terms, invoice)
    charge = _charge(books, bought, buyer, terms, intent)
    _pay_invoice(books, invoice, charge, intent)
    return Paid(bought.total, bought.currency, buyer["customer"], charge["id"], intent["id"], invoice=invoice["id"])


def attach(books: Books, invoice: Row, charge: Row, amount: int) -> None:
    """Count ``amount`` of a charge for an invoice; ValueError for more than is left of it, or none of its currency."""
    paid = books.tables["invoice_payment"]
    rows = [paid.rows[at] for at in paid.among({"_payment_intent": charge["payment_intent"]})]
    left = charge["amount_captured"] - sum(row["amount_paid"] for row in rows)
    if charge["status"] != "succeeded" or not charge["payment_intent"] or not 0 < amount <= left:
        raise ValueError(f"charge {charge['id']} is {charge['status']}: cannot count {amount} of the {left} left")
    if charge["currency"] != invoice["currency"]:
        raise ValueError(f"charge {charge['id']} is in {charge['currency']}, the invoice in {invoice['currency']}")
    charge["_invoice"] = charge["_invoice"] or invoice["id"]
    apply_payment(books, invoice, amount, charge, books.need(charge["payment_intent"]))


def _intent(books: Books, bought: Basket, buyer: Row, terms: Terms, invoice: Row | None) -> Row:
    status = "processing" if terms.unpaid else "succeeded" if terms.captured else "requires_capture"
    intent = new_intent(
        books,
        bought.total,
        bought.currency,
        buyer,
        status=status,
        capture_method="automatic_async" if terms.captured else "manual",
        description=terms.description,
        metadata=terms.payment_metadata,
        shipping=terms.shipping,
        method="us_bank_account" if terms.unpaid else "card",
    )
    intent["_invoice"] = invoice["id"] if invoice else None
    unconfirmed = {"amount_received": 0, "amount_capturable": 0, "payment_method": None}
    books.murmur("payment_intent.created", {**intent, "status": "requires_payment_method", **unconfirmed})
    return intent


def _charge(books: Books, bought: Basket, buyer: Row, terms: Terms, intent: Row | None) -> Row:
    charge = new_charge(
        books,
        bought.total,
        bought.currency,
        buyer,
        captured=terms.captured,
        status="pending" if terms.unpaid else "succeeded",
        description=terms.description,
        metadata=terms.payment_metadata,
        shipping=terms.shipping,
        payment_intent=intent["id"] if intent else None,
        payment_method=intent["payment_method"] if intent else None,
        method="us_bank_account" if terms.unpaid else "card",
        fees=terms.fees,
    )
    books.emit("charge.pending" if terms.unpaid else "charge.succeeded", charge)
    if intent is not None:
        charge["_invoice"], intent["latest_charge"] = intent["_invoice"], charge["id"]
        told = {"processing": "processing", "requires_capture": "amount_capturable_updated"}
        books.emit(f"payment_intent.{told.get(intent['status'], 'succeeded')}", intent)
    if terms.captured:
        arrive(books, charge, charge["amount"], "payment" if terms.unpaid else "charge")
    if buyer["customer"]:
        method = {"id": charge["payment_method"], "object": "payment_method", "customer": buyer["customer"]}
        books.murmur(
            "payment_method.attached", {**method, "metadata": {}, "type": "card", "created": charge["created"]}
        )
    return charge


def _session(books: Books, bought: Basket, buyer: Row, terms: Terms, intent: Row | None) -> Row:
    status = "no_payment_required" if not bought.total else "unpaid" if terms.unpaid else "paid"
    session = new_session(
        books,
        bought,
        buyer,
        payment_status=status,
        payment_intent=intent["id"] if intent else None,
        metadata=terms.metadata,
        shipping=terms.shipping,
        client_reference_id=terms.client_reference_id,
    )
    books.emit("checkout.session.completed", session)
    return session


def _pay_invoice(books: Books, invoice: Row, charge: Row | None, intent: Row | None) -> None:
    if charge is not None and charge["status"] != "succeeded":
        invoice |= {"_charge": charge["id"], "_payment_intent": charge["payment_intent"]}
        return
    apply_payment(books, invoice, charge["amount"] if charge else 0, charge, intent)


def arrive(books: Books, charge: Row, amount: int, kind: str) -> None:
    """Let the balance transaction of a charge come a little later, as it does since 2024-04-10."""

    def settle() -> None:
        row = source_row(books, charge, amount, kind, "charge", charging=True, fees=charge["_fees"])
        charge["balance_transaction"] = row["id"]
        books.emit("charge.updated", charge, {"balance_transaction": None})

    books.later(books.traits.settle_seconds, settle)


def capture(books: Books, charge: Row, amount: int) -> None:
    """Take an authorised amount; what is left over comes back as a partial_capture_reversal (B11)."""
    if charge["captured"] or charge["status"] != "succeeded" or not 0 < amount <= charge["amount"]:
        raise ValueError(f"charge {charge['id']}: cannot capture {amount} of {charge['amount']}")
    left = charge["amount"] - amount
    charge |= {"captured": True, "amount_captured": amount, "amount_refunded": left}
    books.emit("charge.captured", charge, {"captured": False, "amount_captured": 0})
    if charge["payment_intent"]:
        intent = books.need(charge["payment_intent"])
        intent |= {"status": "succeeded", "amount_capturable": 0, "amount_received": amount}
        books.emit("payment_intent.succeeded", intent)
    arrive(books, charge, charge["amount"], "charge")
    if left:
        returned = new_refund(books, charge, left)
        books.later(books.traits.settle_seconds, lambda: take(books, returned, "partial_capture_reversal"))


def bounce(books: Books, charge: Row, failure_code: str) -> None:
    """Let the bank take back a bank payment that has succeeded already; ValueError for any other charge."""
    if charge["_kind"] != "payment" or charge["status"] != "succeeded":
        raise ValueError(f"charge {charge['id']} is no bank payment that has succeeded")
    charge |= {"status": "failed", "paid": False, "failure_code": failure_code}
    charge["failure_message"] = "The bank returned the payment."
    row = source_row(books, charge, -charge["amount"], "payment_failure_refund", "charge_failure")
    charge["failure_balance_transaction"] = row["id"]
    books.emit("charge.failed", charge, {"status": "succeeded", "paid": True})


def settle_async(books: Books, charge: Row, succeeded: bool) -> None:
    """End the wait for a delayed payment method (B11), and tell whoever waited: intent, session, invoice."""
    if charge["status"] != "pending":
        raise ValueError(f"charge {charge['id']} is {charge['status']}, not pending")
    word = "succeeded" if succeeded else "failed"
    charge |= {"status": word, "paid": succeeded}
    if not succeeded:
        charge |= {"failure_code": "payment_failed", "failure_message": "The bank returned the payment."}
        row = source_row(books, charge, -charge["amount"], "payment_failure_refund", "charge_failure")
        charge["failure_balance_transaction"] = row["id"]
    books.emit(f"charge.{word}", charge)
    if charge["payment_intent"]:
        _settle_intent(books, books.need(charge["payment_intent"]), charge, succeeded)
    end_waiting(books, charge)


def _settle_intent(books: Books, intent: Row, charge: Row, succeeded: bool) -> None:
    intent["status"] = "succeeded" if succeeded else "requires_payment_method"
    intent["amount_received"] = intent["amount"] if succeeded else 0
    books.emit("payment_intent.succeeded" if succeeded else "payment_intent.payment_failed", intent)
    sessions, _ = books.tables["checkout.session"].page({"payment_intent": intent["id"]}, [], 1)
    for session in sessions:
        session["payment_status"] = "paid" if succeeded else "unpaid"
        books.emit(f"checkout.session.async_payment_{'succeeded' if succeeded else 'failed'}", session)
    if intent["_invoice"] and succeeded:
        _pay_invoice(books, books.need(intent["_invoice"]), charge, intent)
    elif intent["_invoice"]:
        books.emit("invoice.payment_failed", books.need(intent["_invoice"]))


def shipping(given: Mapping[str, Any] | None) -> Row | None:
    """Where the goods go, in Stripe's shape."""
    return shipping_of(given)
