"""One state, two shapes: as the current API version shows it, and as versions before 2025-03-31 did (B1)."""

from __future__ import annotations

import re

from simulators.stripe.errors import Refusal
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

BASIL = "2025-03-31"
ENDIVE = "2026-09-30"
INLINE_LINES = 10
_VERSION = re.compile(r"\d{4}-\d\d-\d\d(\.[a-z]+)?")


def check_version(version: str) -> str:
    """The version itself; Refusal when it cannot be one."""
    if not _VERSION.fullmatch(version):
        raise Refusal(400, f"Invalid Stripe API version: {version}")
    return version


def is_old(version: str) -> bool:
    """Whether a version has the shapes from before invoice payments."""
    return version < BASIL


def shown(books: Books, row: Row, version: str) -> Row:
    """The object as an answer in ``version`` shows it: a new dictionary, its inner ones shared with the state."""
    if row.get("_deleted"):
        return {"id": row["id"], "object": row["object"], "deleted": True}
    seen = {name: value for name, value in row.items() if name[0] != "_"}
    draw = _DRAW.get(row["object"])
    if draw is not None:
        draw(books, row, seen, version)
    return seen


def line_shown(books: Books, line: Row, version: str) -> Row:
    """A line of a session (its price is always an object), an invoice, a credit note, or a customer's balance."""
    if line["object"] == "item":
        return {**line, "price": shown(books, books.need(line["price"]), version)}
    if not is_old(version) or line["object"] == "customer_balance_transaction":
        return line
    if line["object"] == "line_item":
        return _old_line(books, line)
    seen = {name: value for name, value in line.items() if name not in ("taxes", "metadata")}
    return {**seen, "tax_amounts": _old_taxes(line["taxes"])}


def listed(rows: list[Row], url: str, has_more: bool = False) -> Row:
    """A list object."""
    return {"object": "list", "data": rows, "has_more": has_more, "url": url}


def inline_lines(books: Books, row: Row, version: str, url: str) -> Row:
    """The first lines of a session or invoice, as they come inside it."""
    lines = row["_lines"]
    first = [line_shown(books, line, version) for line in lines[:INLINE_LINES]]
    return listed(first, url, len(lines) > INLINE_LINES)


def _charge(books: Books, row: Row, seen: Row, version: str) -> None:
    if is_old(version):
        seen["invoice"] = row["_invoice"]


def _intent(books: Books, row: Row, seen: Row, version: str) -> None:
    if is_old(version):
        seen["invoice"] = row["_invoice"]
    if version < ENDIVE:
        seen["payment_method_types"] = [row["_method"]]


def _session(books: Books, row: Row, seen: Row, version: str) -> None:
    if is_old(version):
        seen["shipping_details"] = seen.pop("collected_information")["shipping_details"]
    if version < ENDIVE:
        seen["payment_method_types"] = ["card", "us_bank_account"]


def _dispute(books: Books, row: Row, seen: Row, version: str) -> None:
    rows = [books.need(each) for each in row["_rows"]]
    seen["balance_transactions"] = [shown(books, each, version) for each in rows if not each.get("_gone")]


def _balance_row(books: Books, row: Row, seen: Row, version: str) -> None:
    seen["status"] = "available" if books.now() >= row["available_on"] else "pending"
    if is_old(version):
        del seen["balance_type"]


def _invoice(books: Books, row: Row, seen: Row, version: str) -> None:
    seen["lines"] = inline_lines(books, row, version, f"/v1/invoices/{row['id']}/lines")
    if not is_old(version):
        return
    for name in ("parent", "total_taxes", "amount_overpaid", "amount_paid_off_stripe"):
        del seen[name]
    subscription = row["_subscription"]
    seen |= {
        "application_fee_amount": None,
        "charge": row["_charge"],
        "discount": None,
        "paid": row["status"] == "paid",
        "paid_out_of_band": row["_out_of_band"],
        "payment_intent": row["_payment_intent"],
        "quote": None,
        "subscription": subscription,
        "subscription_details": {"metadata": {} if subscription else None},
        "tax": sum(tax["amount"] for tax in row["total_taxes"]) if row["total_taxes"] else None,
        "total_tax_amounts": _old_taxes(row["total_taxes"]),
        "transfer_data": None,
    }


def _credit_note(books: Books, row: Row, seen: Row, version: str) -> None:
    seen["lines"] = inline_lines(books, row, version, f"/v1/credit_notes/{row['id']}/lines")
    if is_old(version):
        refunds = seen.pop("refunds")
        seen["refund"] = refunds[0]["refund"] if refunds else None
        seen["tax_amounts"] = _old_taxes(seen.pop("total_taxes"))


def _old_line(books: Books, line: Row) -> Row:
    parent, pricing = line["parent"], line["pricing"]
    details = parent[parent["type"]]
    gone = ("parent", "pricing", "subtotal", "taxes")
    return {
        **{name: value for name, value in line.items() if name not in gone},
        "amount_excluding_tax": line["amount"],
        "invoice_item": details["invoice_item"],
        "plan": None,
        "price": shown(books, books.need(pricing["price_details"]["price"]), BASIL),
        "proration": details["proration"],
        "proration_details": {"credited_items": None},
        "subscription": details["subscription"],
        "tax_amounts": _old_taxes(line["taxes"]),
        "tax_rates": [],
        "type": "subscription" if details["subscription"] else "invoiceitem",
        "unit_amount_excluding_tax": pricing["unit_amount_decimal"],
    }


def _old_taxes(taxes: list[Row]) -> list[Row]:
    return [
        {
            "amount": tax["amount"],
            "inclusive": tax["tax_behavior"] == "inclusive",
            "tax_rate": tax["tax_rate_details"]["tax_rate"],
            "taxability_reason": tax["taxability_reason"],
            "taxable_amount": tax["taxable_amount"],
        }
        for tax in taxes
    ]


_DRAW = {
    "charge": _charge,
    "payment_intent": _intent,
    "checkout.session": _session,
    "balance_transaction": _balance_row,
    "dispute": _dispute,
    "invoice": _invoice,
    "credit_note": _credit_note,
}
