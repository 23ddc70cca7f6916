"""Invoices and credit memos: rows of invoice_hdr, a credit with a negative total (P21 facts §6.3, §7.3, §7.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from simulators.p21 import ledger
from simulators.p21.ledger import GlLine
from simulators.p21.orders import lines_of, tax_place, totals
from simulators.p21.parties import customer
from simulators.p21.refusals import Refused
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.values import money


@dataclass(frozen=True, slots=True)
class AmountLine:
    """A line of a document entered by amount."""

    amount: Decimal
    description: str = ""
    account: str = ""
    item_id: str | None = None
    quantity: Decimal = Decimal(1)


def ship_if_told(state: State, order: Row) -> None:
    """A warehouse that never waits: what is approved is shipped and invoiced at once, where the tenant is set so."""
    if state.options.ships_at_once and order["approved"] == "Y" and order["completed"] != "Y":
        invoice_order(state, order)


def invoice_order(state: State, order: Row) -> Row | None:
    """Invoice a whole order at once; None, and nothing written, when its tax jurisdiction cannot be resolved."""
    place = tax_place(state, order)
    if place is None:
        return None
    taxes, total = totals(state, order)
    lines = lines_of(state, order["order_no"])
    values = {
        "order_no": order["order_no"], "order_date": order["order_date"], "invoice_date": order["order_date"],
        "po_no": order["po_no"], "ship_to_id": order["address_id"], "freight": order["freight_out"],
        "tax_amount": taxes, "total_amount": total, "terms_id": order["terms"],
        "external_reference_no": order["web_reference_no"], "sales_location_id": order["location_id"],
        "other_charge_amount": sum((row["extended_price"] for row in lines if row["other_charge"] == "Y"), Decimal(0)),
        **{name: order[name] for name in order if name.startswith("ship2_")},
    }  # fmt: skip
    with state.atomic():
        made = add(state, customer(state, order["customer_id"]), values)
        for row in lines:
            _line_of_order(state, made, row, place)
            state.change("oe_line", row, {"qty_invoiced": row["qty_ordered"], "complete": "Y"})
        state.change("oe_hdr", order, {"completed": "Y"})
        goods = total - taxes - order["freight_out"]
        _post(state, made, [GlLine(ledger.REVENUE, -goods), GlLine(ledger.TAXES, -taxes),
                            GlLine(ledger.FREIGHT, -order["freight_out"])])  # fmt: skip
    return made


def enter(
    state: State,
    customer_id: int,
    values: Mapping[str, Any],
    lines: Sequence[AmountLine],
    sign: int,
    *,
    tax: Decimal = Decimal(0),
    freight: Decimal = Decimal(0),
) -> Row:
    """Enter an invoice (``sign`` 1) or a credit memo (``sign`` -1) by amounts; Refused when a rule says no.

    Tax and freight stand as they are given. A credit memo settles what is still open of the invoice it refers to.
    """
    buyer = customer(state, customer_id)
    tax, freight = (sign * money(one, buyer["currency_id"]) for one in (tax, freight))
    amounts = [sign * money(line.amount, buyer["currency_id"]) for line in lines]
    total = sum(amounts, tax + freight)
    if sign * total <= 0:
        raise Refused("The document total must be greater than zero.", code="bad_amount", field="Lines", synthetic=True)
    with state.atomic():
        _require_referenced(state, buyer, values.get("invoice_reference_no"))
        made = add(state, buyer, {**values, "tax_amount": tax, "freight": freight, "total_amount": total})
        fallback = ledger.REVENUE if sign > 0 else ledger.RETURNS
        for place, (line, amount) in enumerate(zip(lines, amounts, strict=True), 1):
            _line_by_amount(state, made, place, line, amount, line.account or fallback)
        against = [GlLine(line.account or fallback, -amount) for line, amount in zip(lines, amounts, strict=True)]
        against += [GlLine(ledger.TAXES, -tax), GlLine(ledger.FREIGHT, -freight)]
        _post(state, made, against)
        if sign < 0 and made["invoice_reference_no"]:
            _credit(state, made, state["invoice_hdr"].where(invoice_no=made["invoice_reference_no"])[0])
    return made


def receive_return(state: State, order: Row) -> Row:
    """Receive the goods of an RMA: its credit memo, open, by the order's own lines and tax (P21 facts §4.10)."""
    taxes, _ = totals(state, order)
    lines = [
        AmountLine(row["extended_price"], row["extended_desc"] or "", "", row["item_id"], row["qty_ordered"])
        for row in lines_of(state, order["order_no"])
    ]
    with state.atomic():
        made = enter(state, order["customer_id"], {"order_no": order["order_no"]}, lines, -1, tax=taxes)
        state.change("oe_hdr", order, {"completed": "Y"})
    return made


def settle(state: State, invoice: Row, date: str) -> None:
    """Mark an invoice or a credit as paid in full, or as open again."""
    paid = balance(invoice) * (1 if invoice["total_amount"] >= 0 else -1) <= 0
    state.change("invoice_hdr", invoice, {
        "paid_in_full_flag": "Y" if paid else "N", "date_paid": date if paid else None,
        "period_fully_paid": int(date[5:7]) if paid else None, "year_fully_paid": int(date[:4]) if paid else None,
    })  # fmt: skip


def add(state: State, buyer: Row, values: Mapping[str, Any]) -> Row:
    """One invoice_hdr row with what follows from customer, terms and date."""
    number = str(state.next("invoice"))
    day = values.get("invoice_date") or state.today()
    terms = state["terms"].one(terms_id=values.get("terms_id") or buyer["terms_id"]) or {}
    due = values.get("net_due_date") or _after(day, int(terms.get("net_days") or 0))
    return state.insert("invoice_hdr", {
        "customer_id": str(buyer["customer_id"]), "customer_id_number": buyer["customer_id"],
        "company_no": state.company, "branch_id": "01", "ship_to_id": buyer["customer_id"],
        "bill2_name": buyer["customer_name"][:50], "salesrep_id": buyer["salesrep_id"], "terms_id": buyer["terms_id"],
        "ar_account_no": ledger.RECEIVABLE, "currency_line_uid": buyer["currency_id"],
        "currency_id": buyer["currency_id"], "terms_desc": terms.get("terms_desc"), **values, "invoice_no": number,
        "inv_no_display": number, "invoice_date": day, "net_due_date": due, "terms_due_date": due,
        "period": int(day[5:7]), "year_for_period": int(day[:4]),
    })  # fmt: skip


def balance(invoice: Row) -> Decimal:
    """What is still open, negative for an open credit."""
    taken = invoice["amount_paid"] + invoice["terms_taken"] + invoice["allowed"] + invoice["memo_amount"]
    return Decimal(invoice["total_amount"] - taken - invoice["bad_debt_amount"])


def _credit(state: State, memo: Row, invoice: Row) -> None:
    taken = min(balance(invoice), -balance(memo))
    if taken <= 0:
        return
    for row, amount in ((invoice, taken), (memo, -taken)):
        state.change("invoice_hdr", row, {"memo_amount": row["memo_amount"] + amount})
        settle(state, row, memo["invoice_date"])


def _after(day: str, days: int) -> str:
    return (date.fromisoformat(day[:10]) + timedelta(days=days)).isoformat() + "T00:00:00"


def _post(state: State, made: Row, against: list[GlLine]) -> None:
    number, total = made["invoice_no"], made["total_amount"]
    ledger.post(state, [GlLine(ledger.RECEIVABLE, total, f"Invoice {number}"), *against], journal="SJ", source=number,
                date=made["invoice_date"], currency_id=made["currency_id"])  # fmt: skip


def _require_referenced(state: State, buyer: Row, number: object) -> None:
    if not number:
        return
    found = state["invoice_hdr"].one(invoice_no=str(number))
    if found is None or found["customer_id_number"] != buyer["customer_id"]:
        raise Refused(
            f"Invoice {number} is not an invoice of customer {buyer['customer_id']}.", code="unknown_invoice",
            field="InvoiceNumber", synthetic=True,
        )  # fmt: skip


def _line_of_order(state: State, made: Row, row: Row, place: str) -> None:
    state.insert("invoice_line", {
        "invoice_no": made["invoice_no"], "line_no": row["line_no"], "invoice_line_uid": state.next("invoice line"),
        "order_no": row["order_no"], "oe_line_number": row["line_no"], "inv_mast_uid": row["inv_mast_uid"],
        "item_id": row["item_id"], "item_desc": row["extended_desc"], "qty_requested": row["qty_ordered"],
        "qty_shipped": row["qty_ordered"], "unit_of_measure": row["unit_of_measure"], "unit_price": row["unit_price"],
        "pricing_unit": row["pricing_unit"], "pricing_quantity": row["qty_ordered"],
        "extended_price": row["extended_price"], "gl_revenue_account_no": ledger.REVENUE, "tax_item": row["tax_item"],
        "other_charge_item": row["other_charge"], "company_id": state.company,
    })  # fmt: skip
    if row["sales_tax"]:
        state.insert("invoice_line_taxes", {
            "invoice_no": made["invoice_no"], "line_no": row["line_no"], "item_id": row["item_id"],
            "jurisdiction_id": place, "tax_charged": row["sales_tax"], "total_sales_amt": row["extended_price"],
            "taxable_sales_amt": row["extended_price"], "taxable": "Y",
        })  # fmt: skip


def _line_by_amount(state: State, made: Row, place: int, line: AmountLine, amount: Decimal, account: str) -> None:
    state.insert("invoice_line", {
        "invoice_no": made["invoice_no"], "line_no": place, "invoice_line_uid": state.next("invoice line"),
        "item_id": line.item_id, "item_desc": line.description, "qty_requested": line.quantity,
        "qty_shipped": line.quantity, "unit_price": amount / line.quantity, "extended_price": amount,
        "gl_revenue_account_no": account, "company_id": state.company,
    })  # fmt: skip
