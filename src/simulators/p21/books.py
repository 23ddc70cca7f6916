"""The god view: every document with its reference and what it says, and every reference that stands twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from simulators.p21.invoices import balance
from simulators.p21.orders import lines_of, totals
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.values import plain

Book = list[dict[str, Any]]


def books(state: State) -> dict[str, Book]:
    """Kind → rows of key, reference, customer, amount (decimal text) and whether it is voided, in order of writing.

    Documents also say what they are about: days, ship-to, lines, PO number, texts, as P21 keeps them.
    """
    return {
        "orders": list(_orders(state, returns=False)),
        "returns": list(_orders(state, returns=True)),
        "invoices": list(_invoices(state, credits=False)),
        "credit_memos": list(_invoices(state, credits=True)),
        "payments": list(_payments(state, refunds=False)),
        "refund_payments": list(_payments(state, refunds=True)),
        "customers": [_party(row, "customer_id", "legacy_id", row["customer_name"]) for row in state["customer"].rows],
        "addresses": [
            {**_party(row, "id", "url", row["name"]), **_place(row, "phys_{}", "address1", "postal_code")}
            for row in state["address"].rows
        ],
        "contacts": [
            {**_party(row, "id", "url", row["email_address"]), "customer": str(row["address_id"] or "")}
            for row in state["contacts"].rows
        ],
        "journals": list(_journals(state)),
    }


def doubles(state: State) -> dict[str, list[str]]:
    """Kind → the references that more than one live document of that kind carries; kinds without any are left out."""
    found = {}
    for kind, rows in books(state).items():
        counted = Counter(row["reference"] for row in rows if row["reference"] and not row["voided"])
        twice = sorted(reference for reference, times in counted.items() if times > 1)
        if twice:
            found[kind] = twice
    return found


def gl_balanced(state: State) -> bool:
    """Whether every entry of the general ledger is balanced."""
    sums: Counter[int] = Counter()
    for row in state["gl"].rows:
        sums[row["transaction_number"]] += row["amount"]
    return not any(sums.values())


def god_view(state: State) -> dict[str, Any]:
    """All of it, as JSON can say it."""
    kept = books(state)
    return {
        "books": kept, "doubles": doubles(state), "gl_balanced": gl_balanced(state), "pending_commits": state.pending(),
        "counts": {kind: len(rows) for kind, rows in kept.items()},
    }  # fmt: skip


def _orders(state: State, returns: bool) -> Iterator[dict[str, Any]]:
    for row in state["oe_hdr"].rows:
        if (row["rma_flag"] == "Y") is not returns:
            continue
        taxes, total = totals(state, row)
        yield {
            "key": row["order_no"], "reference": row["web_reference_no"] or row["job_name"] or row["po_no"] or "",
            "customer": str(row["customer_id"]), "amount": plain(total), "tax": plain(taxes),
            "currency_id": int(row["currency_line_uid"]), "created": row["date_created"],
            "voided": row["cancel_flag"] == "Y" or row["delete_flag"] == "Y", "approved": row["approved"] == "Y",
            "date": _day(row["order_date"]), "requested": _day(row["requested_date"]), "po_no": row["po_no"] or "",
            "note": row["delivery_instructions"] or "", "freight": plain(row["freight_out"]),
            "ship_to": _ship_to(row), "lines": [_order_line(line) for line in lines_of(state, row["order_no"])],
        }  # fmt: skip


def _invoices(state: State, credits: bool) -> Iterator[dict[str, Any]]:
    for row in state["invoice_hdr"].rows:
        if row["invoice_class"] == "PREPAID" or (row["total_amount"] < 0) is not credits:
            continue
        yield {
            "key": row["invoice_no"], "reference": row["external_reference_no"] or _order_reference(state, row),
            "customer": row["customer_id"], "amount": plain(row["total_amount"]), "paid": plain(row["amount_paid"]),
            "tax": plain(row["tax_amount"]), "open": plain(balance(row)), "due": (row["net_due_date"] or "")[:10],
            "paid_in_full": row["paid_in_full_flag"] == "Y", "order": row["order_no"] or "",
            "credits": row["invoice_reference_no"] or "", "created": row["date_created"],
            "voided": row["approved"] == "N", "date": _day(row["invoice_date"]), "po_no": row["po_no"] or "",
            "currency_id": int(row["currency_line_uid"]), "freight": plain(row["freight"]), "ship_to": _ship_to(row),
            "text": row["invoice_desc"] or "",
            "lines": [_invoice_line(line) for line in state["invoice_line"].where(invoice_no=row["invoice_no"])],
        }  # fmt: skip


def _order_reference(state: State, row: dict[str, Any]) -> str:
    order = state["oe_hdr"].one(order_no=row["order_no"]) if row["order_no"] else None
    return "" if order is None else order["job_name"] or order["po_no"] or ""


def _payments(state: State, refunds: bool) -> Iterator[dict[str, Any]]:
    for row in state["ar_payment_details"].rows:
        if (row["payment_amount"] < 0) is not refunds:
            continue
        receipt = state["ar_receipts"].one(payment_number=row["payment_number"])
        taken = state["remittances"].one(payment_number=row["payment_number"])
        yield {
            "key": str(row["payment_number"]), "reference": row["check_number"] or "",
            "customer": "" if receipt is None else str(receipt["remitter_id"]),
            "order": "" if taken is None else taken["order_no"], "amount": plain(row["payment_amount"]),
            "created": row["date_created"], "date": _day(row["payment_date"]), "text": row["payment_desc"] or "",
            "type": str(row["payment_type_id"]), "currency_id": int(row["currency_line_uid"]),
            "applied_to": _applied_to(state, receipt),
            "voided": row["delete_flag"] == "Y" or (receipt is not None and receipt["reverse_payment_flag"] == "Y"),
        }  # fmt: skip


def _applied_to(state: State, receipt: Row | None) -> dict[str, str]:
    """Invoice or credit → how much of the payment it took."""
    details = [] if receipt is None else state["ar_receipts_detail"].where(receipt_number=receipt["receipt_number"])
    return {row["invoice_no"]: plain(row["payment_amount"]) for row in details}


def _day(moment: str | None) -> str:
    return (moment or "")[:10]


def _ship_to(row: Row) -> dict[str, str]:
    return {"name": row["ship2_name"] or "", **_place(row, "ship2_{}", "add1", "zip")}


def _place(row: Row, column: str, street: str, code: str) -> dict[str, str]:
    """The parts of an address by the names of the web: ``column`` makes P21's names of them."""
    names = {"line1": street, "line2": street[:-1] + "2", "city": "city", "state": "state", "postal_code": code,
             "country": "country"}  # fmt: skip
    return {part: row[column.format(name)] or "" for part, name in names.items()}


def _order_line(row: Row) -> dict[str, str]:
    shown = {"quantity": "unit_quantity", "price": "unit_price", "amount": "extended_price", "tax": "sales_tax"}
    return {
        "item": row["item_id"], "unit": row["unit_of_measure"], "text": row["extended_desc"] or "",
        **{name: plain(Decimal(row[column])) for name, column in shown.items()},
    }  # fmt: skip


def _invoice_line(row: Row) -> dict[str, str]:
    shown = {"quantity": "qty_shipped", "price": "unit_price", "amount": "extended_price"}
    return {
        "item": row["item_id"] or "", "unit": row["unit_of_measure"] or "", "text": row["item_desc"] or "",
        **{name: plain(Decimal(row[column] or 0)) for name, column in shown.items()},
    }  # fmt: skip


def _party(row: dict[str, Any], key: str, reference: str, name: str | None) -> dict[str, Any]:
    return {
        "key": str(row[key]), "reference": row[reference] or "", "name": name or "", "created": row["date_created"],
        "voided": row["delete_flag"] == "Y",
    }  # fmt: skip


def _journals(state: State) -> Iterator[dict[str, Any]]:
    for row in state["gl"].rows:
        if row["origin"] != "api" or row["sequence_number"] != 1:
            continue
        lines = state["gl"].where(transaction_number=row["transaction_number"])
        debits = sum((line["amount"] for line in lines if line["amount"] > 0), Decimal(0))
        yield {
            "key": str(row["transaction_number"]), "reference": row["source"] or "", "amount": plain(debits),
            "lines": [{"account": line["account_number"], "amount": plain(line["amount"])} for line in lines],
            "period": int(row["period"]), "year": int(row["year_for_period"]), "date": (row["transaction_date"] or "")[:10],
            "created": row["date_created"], "voided": row["approved"] == "N",
        }  # fmt: skip
