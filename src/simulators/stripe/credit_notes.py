"""Credit notes: they lower what is still owed first, the rest is refunded, credited or paid elsewhere (B12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.stripe import invoices
from simulators.stripe.customer_balance import change_balance
from simulators.stripe.refunds import refund
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

REASONS = (None, "duplicate", "fraudulent", "order_change", "product_unsatisfactory")


def issue(
    books: Books,
    invoice: Row,
    lines: Sequence[Mapping[str, Any]],
    amount: int | None,
    *,
    refund_amount: int,
    credit_amount: int,
    out_of_band_amount: int,
    refunds: Sequence[Mapping[str, Any]],
    **given: Any,
) -> Row:
    """Credit an invoice by ``lines`` (see ``_lines``), by an ``amount``, or whole; all in minor units.

    What is beyond the amount still owed must be shared between a new refund, linked refunds, the customer's balance
    and out of band; nothing given means a refund. ``given``: reason, memo, metadata. ValueError when it does not add up.
    """
    if invoice["status"] not in ("open", "paid") or given.get("reason") not in REASONS:
        raise ValueError(f"invoice {invoice['id']} is {invoice['status']}, reason {given.get('reason')!r}")
    kept = _lines(books, invoice, lines, amount)
    total = sum(line["amount"] + _tax(line) - line["discount_amount"] for line in kept)
    left = invoice["total"] - invoice["pre_payment_credit_notes_amount"] - invoice["post_payment_credit_notes_amount"]
    if not 0 < total <= left:
        raise ValueError(f"amount {total}: only {left} of invoice {invoice['id']} can be credited")
    before = min(total, invoice["amount_remaining"])
    linked = sum(each["amount_refunded"] for each in refunds)
    after = total - before
    if after and not (refund_amount or credit_amount or out_of_band_amount or linked):
        refund_amount = after
    if refund_amount + credit_amount + out_of_band_amount + linked != after:
        raise ValueError(f"the refunds, credit and out of band amount must add up to {after}")
    given["refunds"] = [_linked(each["refund"], each["amount_refunded"]) for each in refunds]
    if refund_amount:
        charge = books.need(invoice["_charge"] or "", "charge")
        made = refund(books, charge, refund_amount, "requested_by_customer", None)
        given["refunds"].append(_linked(made["id"], refund_amount))
    note = _new_note(books, invoice, kept, before, after, out_of_band_amount, **given)
    if credit_amount:
        customer, named = books.need(invoice["customer"]), {"credit_note": note["id"], "invoice": invoice["id"]}
        row = change_balance(books, customer, -credit_amount, invoice["currency"], "credit_note", **named)
        note["customer_balance_transaction"] = row["id"]
    books.emit("credit_note.created", note)
    _lower(books, invoice, before, after)
    return note


def _linked(refund_id: str, amount: int) -> Row:
    return {"amount_refunded": amount, "payment_record_refund": None, "refund": refund_id, "type": "refund"}


def _lower(books: Books, invoice: Row, before: int, after: int) -> None:
    """Lower what is owed (or raise it again, below 0), and what was credited of what is paid."""
    names = ("amount_due", "amount_remaining", "pre_payment_credit_notes_amount", "post_payment_credit_notes_amount")
    was = {name: invoice[name] for name in names}
    invoice["amount_due"] -= before
    invoice["amount_remaining"] -= before
    invoice["pre_payment_credit_notes_amount"] += before
    invoice["post_payment_credit_notes_amount"] += after
    books.emit("invoice.updated", invoice, {name: value for name, value in was.items() if value != invoice[name]})
    if invoice["status"] == "open" and before > 0 and not invoice["amount_remaining"]:
        invoices.settle(books, invoice)


def void(books: Books, note: Row) -> None:
    """Take back a credit note of an open invoice that gave nothing back; ValueError for any other."""
    invoice = books.need(note["invoice"])
    if note["status"] != "issued" or note["post_payment_amount"] or invoice["status"] != "open":
        raise ValueError(f"credit note {note['id']} is {note['status']}, its invoice {invoice['status']}: cannot void")
    note |= {"status": "void", "voided_at": int(books.now())}
    books.emit("credit_note.voided", note)
    _lower(books, invoice, -note["pre_payment_amount"], 0)


def _lines(books: Books, invoice: Row, lines: Sequence[Mapping[str, Any]], amount: int | None) -> list[Row]:
    """Lines ``{"line" | "description", "amount", "tax", "quantity"}``; none: one over ``amount``, or the whole invoice."""
    if lines:
        return [_line(books, invoice, dict(line)) for line in lines]
    if amount is not None and amount != invoice["total"]:
        return [_line(books, invoice, {"description": "Credit", "amount": amount})]
    every = [
        _line(books, invoice, {"line": each["id"], "amount": each["amount"] - _off(each), "tax": _tax(each)})
        for each in invoice["_lines"]
    ]
    freight = invoice["total"] - sum(line["amount"] + _tax(line) for line in every)
    return [*every, _line(books, invoice, {"description": "Shipping", "amount": freight})] if freight else every


def _off(line: Row) -> int:
    return sum(each["amount"] for each in line["discount_amounts"])


def _tax(line: Row) -> int:
    return sum(tax["amount"] for tax in line["taxes"])


def _line(books: Books, invoice: Row, given: dict[str, Any]) -> Row:
    known = {line["id"]: line for line in invoice["_lines"]}
    of = known.get(given.get("line", ""))
    if given.get("line") and of is None:
        raise ValueError(f"line {given['line']!r} is none of invoice {invoice['id']}")
    amount, tax = given["amount"], given.get("tax", 0)
    quantity = given.get("quantity")
    return {
        "id": books.ids.new("credit_note_line_item"),
        "object": "credit_note_line_item",
        "amount": amount,
        "description": given.get("description") or (of["description"] if of else "Credit"),
        "discount_amount": 0,
        "discount_amounts": [],
        "invoice_line_item": of["id"] if of else None,
        "livemode": books.traits.livemode,
        "metadata": {},
        "pretax_credit_amounts": [],
        "quantity": quantity,
        "tax_rates": [],
        "taxes": _taxes(tax, amount),
        "type": "invoice_line_item" if of else "custom_line_item",
        "unit_amount": amount // quantity if quantity else None,
        "unit_amount_decimal": str(amount // quantity) if quantity else None,
    }


def _taxes(tax: int, taxable: int) -> list[Row]:
    shared = {"tax_behavior": "exclusive", "taxability_reason": "standard_rated", "taxable_amount": taxable}
    rate = {"tax_rate": "txr_1PretendSalesTaxRate00"}
    return [{"amount": tax, **shared, "tax_rate_details": rate, "type": "tax_rate_details"}] if tax else []


def _new_note(
    books: Books, invoice: Row, lines: list[Row], before: int, after: int, out_of_band: int, **given: Any
) -> Row:
    tax, net = sum(_tax(line) for line in lines), sum(line["amount"] for line in lines)
    made = books.tables["credit_note"].among({"invoice": invoice["id"]})
    row = books.blank(
        "credit_note",
        amount=before + after,
        amount_shipping=0,
        currency=invoice["currency"],
        customer=invoice["customer"],
        customer_account=None,
        customer_balance_transaction=None,
        discount_amount=0,
        discount_amounts=[],
        effective_at=int(books.now()),
        invoice=invoice["id"],
        memo=given.get("memo"),
        metadata=given.get("metadata"),
        number=f"{invoice['number']}-CN-{len(made) + 1:02d}",
        out_of_band_amount=out_of_band or None,
        pdf=f"https://pay.stripe.com/credit_notes/{books.traits.account_id}/pdf",
        post_payment_amount=after,
        pre_payment_amount=before,
        pretax_credit_amounts=[],
        reason=given.get("reason"),
        refunds=given["refunds"],
        shipping_cost=None,
        status="issued",
        subtotal=net,
        subtotal_excluding_tax=net,
        total=net + tax,
        total_excluding_tax=net,
        total_taxes=_taxes(tax, net),
        type="mixed" if before and after else "pre_payment" if before else "post_payment",
        voided_at=None,
    )
    return books.put({**row, "_lines": lines})
