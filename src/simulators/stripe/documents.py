"""What a customer pays for, as Stripe's objects: Checkout Sessions and invoices with their lines.

Kept in the shape of the current API version; names with a leading underscore are never shown and let
``versions`` draw the old shapes too.
"""

from __future__ import annotations

from typing import Any

from simulators.stripe.parties import address_of
from simulators.stripe.pricing import Basket, Line
from simulators.stripe.state import Books
from simulators.stripe.tables import Row


def new_session(books: Books, bought: Basket, buyer: Row, **given: Any) -> Row:
    """Keep a Checkout Session. ``buyer``: customer (id or None), email, name, phone, address."""
    freight, tax = bought.freight, bought.freight_tax
    session = books.blank(
        "checkout.session",
        amount_subtotal=bought.subtotal,
        amount_total=bought.total,
        automatic_tax={"enabled": bool(bought.tax), "liability": None, "provider": None, "status": None},
        billing_address_collection=None,
        client_reference_id=given.get("client_reference_id"),
        collected_information={"shipping_details": given.get("shipping")},
        currency=bought.currency,
        custom_fields=[],
        customer=buyer["customer"],
        customer_creation=None if buyer["customer"] else "if_required",
        customer_details={
            "address": address_of(buyer["address"]),
            "email": buyer["email"],
            "name": buyer["name"],
            "phone": buyer["phone"],
            "tax_exempt": "none",
            "tax_ids": [],
        },
        customer_email=None if buyer["customer"] else buyer["email"],
        expires_at=int(books.now()) + 86_400,
        invoice=None,
        locale=None,
        metadata=given.get("metadata"),
        mode="payment",
        payment_intent=given.get("payment_intent"),
        payment_link=None,
        payment_status=given["payment_status"],
        setup_intent=None,
        shipping_cost={
            "amount_subtotal": freight,
            "amount_tax": tax,
            "amount_total": freight + tax,
            "shipping_rate": None,
        }
        if freight or tax
        else None,
        shipping_options=[],
        status="complete",
        submit_type=None,
        subscription=None,
        success_url="https://shop.example/thanks",
        total_details={"amount_discount": bought.discount, "amount_shipping": freight, "amount_tax": bought.tax},
        ui_mode="hosted",
        url=None,
    )
    session["_lines"] = [_session_line(books, line) for line in bought.lines]
    return books.put(session)


def _session_line(books: Books, line: Line) -> Row:
    return {
        "id": books.ids.new("item"),
        "object": "item",
        "amount_discount": line.discount,
        "amount_subtotal": line.subtotal,
        "amount_tax": line.tax + line.tax_included,
        "amount_total": line.total,
        "currency": line.price["currency"],
        "description": line.description,
        "metadata": line.metadata,
        "price": line.price["id"],
        "quantity": line.quantity,
    }


def new_invoice(books: Books, bought: Basket, customer: Row, **given: Any) -> Row:
    """Keep an open invoice for a customer; ``subscription`` is an id or None."""
    now, subscription = int(books.now()), given.get("subscription")
    sequence = customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] = sequence + 1
    lines = [_invoice_line(books, line, subscription) for line in bought.lines]
    freight = {"amount_subtotal": bought.freight, "amount_tax": bought.freight_tax}
    before_tax = bought.total - bought.tax
    invoice = books.blank(
        "invoice",
        account_country=books.traits.country,
        account_name=books.traits.business_name,
        amount_due=bought.total,
        amount_overpaid=0,
        amount_paid=0,
        amount_paid_off_stripe=None,
        amount_remaining=bought.total,
        amount_shipping=bought.freight,
        attempt_count=0,
        attempted=False,
        auto_advance=True,
        billing_reason="subscription_cycle" if subscription else "manual",
        collection_method="charge_automatically",
        currency=bought.currency,
        custom_fields=None,
        customer=customer["id"],
        customer_address=customer["address"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        customer_phone=customer["phone"],
        customer_shipping=given.get("shipping") or customer["shipping"],
        customer_tax_exempt="none",
        description=given.get("description"),
        discounts=[],
        due_date=None,
        effective_at=now,
        ending_balance=0,
        hosted_invoice_url=f"https://invoice.stripe.com/i/{books.traits.account_id}/{books.ids.new('receipt')}",
        metadata=given.get("metadata"),
        next_payment_attempt=None,
        number=f"{customer['invoice_prefix']}-{sequence:04d}",
        parent={"type": "subscription_details", "subscription_details": {"metadata": {}, "subscription": subscription}}
        if subscription
        else None,
        period_end=now,
        period_start=now,
        post_payment_credit_notes_amount=0,
        pre_payment_credit_notes_amount=0,
        receipt_number=None,
        shipping_cost={**freight, "amount_total": bought.freight + bought.freight_tax, "shipping_rate": None}
        if bought.freight or bought.freight_tax
        else None,
        shipping_details=given.get("shipping"),
        starting_balance=0,
        status="open",
        status_transitions={"finalized_at": now, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None},
        subtotal=bought.subtotal + bought.freight,
        subtotal_excluding_tax=bought.subtotal + bought.freight,
        total=bought.total,
        total_discount_amounts=[{"amount": bought.discount, "discount": "di_pretend"}] if bought.discount else [],
        total_excluding_tax=before_tax,
        total_taxes=_taxes(bought.tax, before_tax),
        webhooks_delivered_at=None,
    )
    invoice |= {"_lines": lines, "_charge": None, "_payment_intent": None, "_subscription": subscription}
    invoice |= {"_credit": 0, "_out_of_band": False}
    for line in lines:
        line["invoice"] = invoice["id"]
    return books.put(invoice)


def _invoice_line(books: Books, line: Line, subscription: str | None) -> Row:
    now, price = int(books.now()), line.price
    kind = "subscription_item_details" if subscription else "invoice_item_details"
    source = {"subscription_item": books.ids.new("subscription_item")} if subscription else {}
    shared = {
        "invoice_item": books.ids.new("invoiceitem"),
        "proration": line.unit_amount < 0,
        "subscription": subscription,
    }
    return {
        "id": books.ids.new("line_item"),
        "object": "line_item",
        "amount": line.subtotal,
        "currency": price["currency"],
        "description": line.description,
        "discount_amounts": [{"amount": line.discount, "discount": "di_pretend"}] if line.discount else [],
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": books.traits.livemode,
        "metadata": line.metadata,
        "parent": {"type": kind, kind: {**shared, **source}},
        "period": {"end": now, "start": now},
        "pretax_credit_amounts": _pretax(line),
        "pricing": {
            "type": "price_details",
            "price_details": {"price": price["id"], "product": price["product"]},
            "unit_amount_decimal": str(line.unit_amount),
        },
        "quantity": line.quantity,
        "subtotal": line.subtotal,
        "taxes": _taxes(line.tax, line.subtotal - line.discount - line.credit)
        + _taxes(line.tax_included, line.subtotal - line.discount - line.credit - line.tax_included, "inclusive"),
    }


def _pretax(line: Line) -> list[Row]:
    """Discounts are listed here too; what billing credits pay stands nowhere else."""
    discount = {"amount": line.discount, "discount": "di_pretend", "type": "discount"}
    credit = {
        "amount": line.credit,
        "credit_balance_transaction": "cbtxn_pretend",
        "type": "credit_balance_transaction",
    }
    return [one for one in (discount, credit) if one["amount"]]


def _taxes(amount: int, taxable: int, behaviour: str = "exclusive") -> list[Row]:
    if not amount:
        return []
    return [
        {
            "amount": amount,
            "tax_behavior": behaviour,
            "tax_rate_details": {"tax_rate": "txr_1PretendSalesTaxRate00"},
            "taxability_reason": "standard_rated",
            "taxable_amount": taxable,
            "type": "tax_rate_details",
        }
    ]
