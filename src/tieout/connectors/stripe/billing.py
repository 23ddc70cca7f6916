"""Reads Stripe's invoices with their payments, and credit notes, in the shapes before and after 2025-03-31 (B1, B12)."""

from __future__ import annotations

from dataclasses import replace

from tieout.connectors.stripe import _parties
from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.orders._invoice import invoice_order, told_of
from tieout.connectors.stripe.orders._lines import billing_credit, quantity
from tieout.connectors.stripe.payments import read_customer
from tieout.connectors.stripe.refunds import refunds_of
from tieout.domain.billing import CreditNote, CreditNoteLine, CustomerCredit, Grant, InvoicePayment, StripeInvoice

BY_HAND = ("adjustment", "initial", "migration")
OUTSIDE = ("payment_record", "out_of_band")


def read_invoice(calls: Calls, invoice_id: str) -> StripeInvoice:
    """The invoice as it is now, with every certain payment. Raises Failed."""
    invoice, order = calls.get(object_path("invoices", invoice_id)), invoice_order(calls, invoice_id)
    paid = _payments(calls, invoice)
    customer_id = order.buyer.id
    from_balance = _from_balance(invoice)
    debt_left = max(0, min(from_balance, invoice.whole("ending_balance")))
    owed = max(0, order.total - max(0, from_balance) - invoice.whole("pre_payment_credit_notes_amount"))
    payments = _applied((*paid, *_elsewhere(invoice, paid, order.total - from_balance)), owed, invoice)
    return StripeInvoice(
        id=invoice.id,
        number=invoice.text("number"),
        status=invoice.text("status"),
        currency=order.currency,
        finalised_at=invoice.whole(
            "effective_at", invoice.whole("status_transitions.finalized_at", invoice.whole("created"))
        ),
        due_at=invoice.whole("due_date"),
        changed_at=_changed_at(invoice),
        total=order.total,
        amount_paid=invoice.whole("amount_paid"),
        amount_remaining=invoice.whole("amount_remaining"),
        amount_overpaid=invoice.whole("amount_overpaid"),
        from_balance=from_balance,
        credit_applied=max(0, from_balance - debt_left),
        debt_left=debt_left,
        debt_billed=max(0, -from_balance - max(0, -order.total)),
        credit_left=max(0, -order.total),
        out_of_band=any(one.out_of_band for one in payments),
        given_up=_given_up(invoice, payments),
        customer=(read_customer(calls, customer_id) if customer_id else None) or order.buyer,
        order=order,
        payments=payments,
        metadata=told_of(invoice),
    )


def _from_balance(invoice: StripeObject) -> int:
    """By how much the customer's balance lowered what is asked for; below 0 it was raised, by a balance that was owed (B12)."""
    if invoice.decimal("ending_balance") is None:
        return 0
    return invoice.whole("ending_balance") - invoice.whole("starting_balance")


def _changed_at(invoice: StripeObject) -> int:
    ends = {"void": "voided_at", "uncollectible": "marked_uncollectible_at", "paid": "paid_at"}
    stamp = ends.get(invoice.text("status"), "finalized_at")
    return invoice.whole(f"status_transitions.{stamp}", invoice.whole("created"))


def _given_up(invoice: StripeObject, payments: tuple[InvoicePayment, ...]) -> int:
    """What was open when it became uncollectible, if it did: what still is, and what came in since."""
    if not invoice.whole("status_transitions.marked_uncollectible_at"):
        return 0
    return invoice.whole("amount_remaining") + sum(one.amount for one in payments if one.after_write_off)


def _elsewhere(invoice: StripeObject, payments: tuple[InvoicePayment, ...], asked: int) -> tuple[InvoicePayment, ...]:
    amount = _paid_elsewhere(invoice, payments, asked)
    paid_at = invoice.whole("status_transitions.paid_at", invoice.whole("created"))
    one = InvoicePayment(f"{invoice.id}:outside", "", amount, invoice.text("currency"), paid_at, out_of_band=True)
    return (one,) if amount else ()


def _paid_elsewhere(invoice: StripeObject, payments: tuple[InvoicePayment, ...], asked: int) -> int:
    """What was marked as paid without a record of a payment: what is paid and no payment gave (B12)."""
    if off := invoice.whole("amount_paid_off_stripe"):
        return max(0, off - sum(one.amount for one in payments if one.out_of_band))
    if invoice.text("status") != "paid":
        return 0
    owed = asked - invoice.whole("pre_payment_credit_notes_amount")
    return max(0, min(owed, invoice.whole("amount_due", owed)) - sum(one.amount for one in payments))


def _payments(calls: Calls, invoice: StripeObject) -> tuple[InvoicePayment, ...]:
    if invoice.has("charge") or invoice.has("payment_intent"):
        return _old_payment(invoice)
    found = calls.every("invoice_payments", {"invoice": invoice.id})
    return tuple(reversed([_payment(one) for one in found if one.text("status") == "paid"]))


def _applied(payments: tuple[InvoicePayment, ...], owed: int, invoice: StripeObject) -> tuple[InvoicePayment, ...]:
    """The payments, each with what it gave beyond the invoice (``owed`` of it was to pay) and how much of that was too much.

    The first ones paid the invoice, the last ones gave too much; ``amount`` is what the invoice itself got.
    """
    written_off_at = invoice.whole("status_transitions.marked_uncollectible_at")
    left, recovered = owed, 0
    debt = max(0, -_from_balance(invoice) - max(0, -invoice.amount("total")))
    found: list[InvoicePayment] = []
    for one in payments:
        own = min(one.amount, left)
        beyond = one.amount - own
        for_debt = min(beyond, debt)
        late = 0 < written_off_at <= one.paid_at
        over = beyond - for_debt
        whole = replace(one, amount=own, beyond=beyond, overpaid=over, after_write_off=late, recovered_before=recovered)
        found.append(whole)
        left, debt, recovered = left - own, debt - for_debt, recovered + (own if late else 0)
    return tuple(found)


def _old_payment(invoice: StripeObject) -> tuple[InvoicePayment, ...]:
    """Until 2025-03-31 an invoice named the one payment it had."""
    payment = invoice.id_of("payment_intent", "charge")
    if invoice.text("status") != "paid" or not payment or invoice.flag("paid_out_of_band"):
        return ()
    paid_at, amount = invoice.whole("status_transitions.paid_at"), invoice.amount("amount_paid")
    return (InvoicePayment(invoice.id, payment, amount, invoice.text("currency"), paid_at, False),)


def _payment(found: StripeObject) -> InvoicePayment:
    return InvoicePayment(
        id=found.id,
        payment_id=found.id_of("payment.payment_intent", "payment.charge"),
        amount=found.amount("amount_paid"),
        currency=found.text("currency"),
        paid_at=found.whole("status_transitions.paid_at", found.whole("created")),
        out_of_band=found.text("payment.type") in OUTSIDE,
    )


def read_credit_note(calls: Calls, note_id: str) -> CreditNote:
    """The credit note as it is now, each line with its place in the invoice. Raises Failed."""
    path = object_path("credit_notes", note_id)
    note = calls.get(path, {"expand": ["customer_balance_transaction"]})
    invoice_id = note.id_of("invoice")
    billed = [line.id for line in calls.every(object_path("invoices", invoice_id) + "/lines")] if invoice_id else []
    lines = (*(_line(one, billed) for one in calls.every(f"{path}/lines")), *_freight(note, len(billed)))
    total, refunds = note.amount("total"), refunds_of(note)
    before = note.whole("pre_payment_amount", total if note.text("type") == "pre_payment" else 0)
    after = note.whole("post_payment_amount", total - before)
    to_balance = abs(note.whole("customer_balance_transaction.amount"))
    outside = note.whole("out_of_band_amount")
    return CreditNote(
        id=note.id,
        number=note.text("number"),
        status=note.text("status"),
        invoice_id=invoice_id,
        customer_id=note.id_of("customer", "customer_account"),
        currency=note.text("currency"),
        created=note.whole("effective_at", note.whole("created")),
        reason=note.text("reason"),
        memo=note.text("memo"),
        total=total,
        tax=sum(line.tax for line in lines),
        pre_payment=before,
        post_payment=after,
        to_balance=to_balance,
        out_of_band=outside,
        refunded=max(0, after - to_balance - outside) if refunds else 0,
        refund_ids=refunds,
        voided_at=note.whole("voided_at"),
        lines=lines,
        metadata=note.texts("metadata"),
    )


def read_customer_credit(calls: Calls, customer_id: str) -> CustomerCredit:
    """The customer's balance as it is now, and every change of it that no invoice, credit note or payment made. Raises Failed."""
    path = object_path("customers", customer_id)
    customer = calls.get(path)
    changes = calls.every(f"{path}/balance_transactions")
    granted = [_grant(one) for one in changes if one.text("type") in BY_HAND and one.whole("amount")]
    return CustomerCredit(
        customer=_parties.customer(customer),
        balance=customer.whole("balance"),
        currency=customer.text("currency"),
        granted=tuple(sorted(granted, key=lambda one: (one.created, one.id))),
    )


def _grant(change: StripeObject) -> Grant:
    return Grant(
        id=change.id,
        amount=-change.amount("amount"),
        currency=change.text("currency"),
        created=change.whole("created"),
        description=change.text("description"),
    )


def _line(line: StripeObject, billed: list[str]) -> CreditNoteLine:
    taxes = line.parts("taxes", "tax_amounts")
    tax = sum(one.whole("amount") for one in taxes)
    added = sum(one.whole("amount") for one in taxes if not _is_contained(one))
    discount = sum(one.whole("amount") for one in line.parts("discount_amounts")) or line.whole("discount_amount")
    discount += billing_credit(line)
    named = line.text("invoice_line_item")
    return CreditNoteLine(
        id=line.id,
        description=line.text("description"),
        quantity=quantity(line),
        gross=line.amount("amount") - discount + added,
        tax=tax,
        place=billed.index(named) if named in billed else -1,
    )


def _is_contained(tax: StripeObject) -> bool:
    return tax.text("tax_behavior") == "inclusive" or tax.flag("inclusive")


def _freight(note: StripeObject, place: int) -> tuple[CreditNoteLine, ...]:
    cost = note.part("shipping_cost")
    if not cost.whole("amount_total"):
        return ()
    one = CreditNoteLine(
        "shipping", "Freight", quantity(cost), cost.whole("amount_total"), cost.whole("amount_tax"), place
    )
    return (one,)
