"""How money moves: charges, PaymentIntents, invoice payments and refunds as Stripe's objects."""

from __future__ import annotations

from typing import Any

from simulators.stripe.parties import address_of
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

_CARD = {
    "brand": "visa",
    "checks": {"address_line1_check": "pass", "address_postal_code_check": "pass", "cvc_check": "pass"},
    "country": "US",
    "exp_month": 8,
    "exp_year": 2031,
    "fingerprint": "SimFingerprint00",
    "funding": "credit",
    "last4": "4242",
    "network": "visa",
    "three_d_secure": None,
    "wallet": None,
}
_BANK = {"account_holder_type": "company", "account_type": "checking", "bank_name": "PRETEND BANK", "last4": "6789"}


def new_intent(books: Books, amount: int, currency: str, buyer: Row, **given: Any) -> Row:
    """Keep a PaymentIntent; ``status`` and ``capture_method`` say how far it is."""
    row = books.blank(
        "payment_intent",
        amount=amount,
        amount_capturable=amount if given["status"] == "requires_capture" else 0,
        amount_details={"tip": {}},
        amount_received=amount if given["status"] == "succeeded" else 0,
        application=None,
        application_fee_amount=None,
        automatic_payment_methods={"allow_redirects": "always", "enabled": True},
        canceled_at=None,
        cancellation_reason=None,
        capture_method=given["capture_method"],
        client_secret=None,
        confirmation_method="automatic",
        currency=currency,
        customer=buyer["customer"],
        description=given.get("description"),
        last_payment_error=None,
        latest_charge=None,
        metadata=given.get("metadata"),
        next_action=None,
        on_behalf_of=None,
        payment_method=books.ids.new("payment_method"),
        processing=None,
        receipt_email=buyer["email"],
        review=None,
        setup_future_usage=None,
        shipping=given.get("shipping"),
        statement_descriptor=None,
        status=given["status"],
        transfer_data=None,
        transfer_group=None,
    )
    row["client_secret"] = f"{row['id']}_secret_{books.ids.new('receipt')}"
    row["_invoice"], row["_method"] = None, given["method"]
    return books.put(row)


def new_charge(books: Books, amount: int, currency: str, buyer: Row, **given: Any) -> Row:
    """Keep a charge; ``status`` is succeeded or pending, ``captured`` False for an authorisation."""
    captured, status = given["captured"], given["status"]
    method = given["method"]
    row = books.blank(
        "charge",
        amount=amount,
        amount_captured=amount if captured else 0,
        amount_refunded=0,
        application=None,
        application_fee=None,
        application_fee_amount=None,
        balance_transaction=None,
        billing_details={
            "address": address_of(buyer["address"]),
            "email": buyer["email"],
            "name": buyer["name"],
            "phone": buyer["phone"],
            "tax_id": None,
        },
        calculated_statement_descriptor="PRETEND SUPPLY",
        captured=captured,
        currency=currency,
        customer=buyer["customer"],
        description=given.get("description"),
        destination=None,
        dispute=None,
        disputed=False,
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        fraud_details={},
        metadata=given.get("metadata"),
        on_behalf_of=None,
        outcome={
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 12,
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        paid=status == "succeeded",
        payment_intent=given.get("payment_intent"),
        payment_method=given.get("payment_method") or books.ids.new("payment_method"),
        payment_method_details={"type": method, method: dict(_CARD if method == "card" else _BANK)},
        receipt_email=buyer["receipt_email"],
        receipt_number=None,
        receipt_url=f"https://pay.stripe.com/receipts/payment/{books.ids.new('receipt')}",
        refunded=False,
        review=None,
        shipping=given.get("shipping"),
        source_transfer=None,
        statement_descriptor=None,
        statement_descriptor_suffix=None,
        status=status,
        transfer_data=None,
        transfer_group=None,
    )
    row |= {"_invoice": None, "_fees": given.get("fees"), "_kind": "charge" if method == "card" else "payment"}
    return books.put(row)


def new_invoice_payment(books: Books, invoice: Row, intent: Row | None, amount: int) -> Row:
    """Keep the link between an invoice and a PaymentIntent (since API version 2025-03-31)."""
    now = int(books.now())
    row = books.blank(
        "invoice_payment",
        amount_paid=amount,
        amount_requested=amount,
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=books.tables["invoice_payment"].first({"invoice": invoice["id"]}) is None,
        payment={"type": "payment_intent", "payment_intent": intent["id"]} if intent else {"type": "out_of_band"},
        status="paid",
        status_transitions={"canceled_at": None, "paid_at": now},
    )
    del row["metadata"]
    row["_payment_intent"] = intent["id"] if intent else None
    return books.put(row)


def new_refund(books: Books, charge: Row, amount: int, **given: Any) -> Row:
    """Keep a refund; its ``status`` is succeeded unless given."""
    status = given.get("status", "succeeded")
    row = books.blank(
        "refund",
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        customer_account=None,
        description=None,
        destination_details={"card": {"type": "refund"}, "type": "card"},
        failure_balance_transaction=None,
        failure_reason=None,
        metadata=given.get("metadata"),
        next_action=None,
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        pending_reason="processing" if status == "pending" else None,
        reason=given.get("reason"),
        receipt_number=None,
        source_transfer_reversal=None,
        status=status,
        transfer_reversal=None,
    )
    del row["livemode"]
    return books.put(row)
