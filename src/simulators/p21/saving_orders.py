"""Saving the order window: header first, then lines with their details, payments last (P21 facts §4.2, §4.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from simulators.p21 import invoices, orders, receipts
from simulators.p21.entered import Entered, Typed
from simulators.p21.orders import LineDraft, OrderDraft
from simulators.p21.receipts import PaymentDraft
from simulators.p21.refusals import Refused
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.values import moment, number, whole, yes

_TEXTS = {
    "po_no": "po_no", "c_po_no_append": "po_no_append", "job_name": "job_name", "taker": "taker",
    "contact_id": "contact_id", "source_id": "source_id", "packing_basis": "packing_basis",
    "delivery_instructions": "delivery_instructions", "oe_hdr_terms": "terms", "terms": "terms",
    "email_address": "ship2_email_address", "ship_to_name": "ship2_name", "oe_hdr_ship2_add1": "ship2_add1",
    "oe_hdr_ship2_add2": "ship2_add2", "oe_hdr_ship2_city": "ship2_city", "oe_hdr_ship2_state": "ship2_state",
    "oe_hdr_ship2_zip": "ship2_zip", "phys_address1": "ship2_add1", "phys_address2": "ship2_add2",
    "phys_city": "ship2_city", "phys_state": "ship2_state", "phys_postal_code": "ship2_zip",
    "phys_country": "ship2_country", "pick_ticket_type": "pick_ticket_type",
    **{f"oe_hdr_class_{place}id": f"class_{place}id" for place in range(1, 6)},
}  # fmt: skip
_NUMBERS = {
    "ship_to_id": "address_id", "sales_loc_id": "location_id", "source_loc_id": "source_location_id",
    "oe_hdr_carrier_id": "carrier_id", "freight_out": "freight_out",
}  # fmt: skip
_MOMENTS = {"order_date": "order_date", "requested_date": "requested_date", "expedite_date": "expedite_date"}
_FLAGS = {"approved": "approved", "quote": "projected_order", "cancel_flag": "cancel_flag"}
_ITEMS, _DETAILS = "TP_ITEMS.items", ("TP_EXTDINFO.extd_info", "TP_PRICES.prices")
_PAYMENTS, _CARD = "TP_REMITTANCES.remittances", "TP_CCTRANSACTIONRESPONSE.cctransactionresponse"
ReadPayment = Callable[[State, Typed, str], PaymentDraft]


def save_order(state: State, typed: Sequence[Entered], read_payment: ReadPayment) -> dict[str, str]:
    """Create an order, or change the one whose number was typed; returns order_no and, when paid, payment_number."""
    header = _header(typed)
    lines = [_line(row) for row in _item_rows(typed)]
    order = _changed(state, header, lines) if header.get("order_no") else _created(state, header, lines)
    generated = {"order_no": order["order_no"]}
    invoice = _invoiced(state, typed, header, order)
    if invoice is not None:
        generated["invoice_no"] = invoice["invoice_no"]
    card = _only(typed, _CARD)
    for row in (row for one in typed if one.element.name == _PAYMENTS for row in one.rows):
        payment = receipts.pay_order(state, order, read_payment(state, {**card, **row}, "payment_date"), invoice)
        generated["payment_number"] = str(payment["payment_number"])
    return generated


def save_return(state: State, typed: Sequence[Entered]) -> dict[str, str]:
    """Enter an RMA for an invoice of the customer; receipt of the goods and the credit invoice come later."""
    header = _header(typed)
    invoice = state["invoice_hdr"].one(invoice_no=header.get("invoice_no") or "")
    if invoice is None or str(invoice["customer_id"]) != header.get("customer_id"):
        raise Refused("RMA: the original invoice is required.", code="rma", field="invoice_no", synthetic=True)
    more = {"rma_flag": "Y", "invoice_no": invoice["invoice_no"]}
    return {"order_no": _created(state, header, [_line(row) for row in _item_rows(typed)], more)["order_no"]}


def _created(
    state: State, header: Typed, lines: Sequence[LineDraft], more: Mapping[str, Any] = MappingProxyType({})
) -> Row:
    for name, message in (
        ("customer_id", "Customer ID is required"),
        ("ship_to_id", "This column is required."),
        ("source_loc_id", "Jurisdiction ID for Order Header Tax is required."),
    ):
        if not header.get(name):
            raise Refused(message, code="required", field=name)
    columns = _columns(header)
    if columns.get("requested_date") and columns["requested_date"] <= columns.get("order_date", state.today()):
        raise Refused("The Requested Date must be after the Order Date", synthetic=True)
    return orders.place(state, OrderDraft(whole(header["customer_id"], "customer_id"), {**columns, **more}, lines))


def _changed(state: State, header: Typed, lines: Sequence[LineDraft]) -> Row:
    order = state["oe_hdr"].one(order_no=header["order_no"])
    if order is None:
        raise Refused(f"Order number {header['order_no']} is not valid.", synthetic=True)
    if order["rma_flag"] == "Y":
        raise Refused("You cannot retrieve an RMA from the Order Entry/Front Counter window.")
    columns = _columns(header)
    if columns.get("cancel_flag") == "Y" and order["completed"] == "Y":
        raise Refused("You cannot cancel an order that is fully invoiced")
    state.change("oe_hdr", order, columns)
    known = {row["user_line_no"] or row["item_id"]: row for row in orders.lines_of(state, order["order_no"])}
    for draft in lines:
        old = known.get(draft.user_line_no or draft.item_id)
        if old is not None:
            state.change("oe_line", old, {"delete_flag": "Y"})
    orders.add_lines(state, order, lines)
    invoices.ship_if_told(state, order)
    return order


def _header(typed: Sequence[Entered]) -> Typed:
    skipped = (_ITEMS, *_DETAILS, _PAYMENTS, _CARD)
    return {
        name: value
        for one in typed
        if one.element.name not in skipped
        for row in one.rows
        for name, value in row.items()
    }


def _columns(header: Typed) -> dict[str, Any]:
    found: dict[str, Any] = {
        column: header[name]
        for name, column in _TEXTS.items()
        if header.get(name) or (name in header and column.startswith("ship2_"))
    }
    found |= {column: number(header[name], name) for name, column in _NUMBERS.items() if header.get(name)}
    found |= {column: moment(header[name], name) for name, column in _MOMENTS.items() if header.get(name)}
    return found | {column: header[name] for name, column in _FLAGS.items() if header.get(name)}


def _item_rows(typed: Sequence[Entered]) -> list[Typed]:
    rows: list[Typed] = []
    for one in typed:
        if one.element.name == _ITEMS:
            rows.extend(dict(row) for row in one.rows)
        elif one.element.name in _DETAILS:
            if not rows:
                raise Refused("Tab page is disabled and cannot be selected")
            for detail in one.rows:
                rows[-1].update(detail)
    return rows


def _line(row: Typed) -> LineDraft:
    taxable = row.get("tax_item")
    return LineDraft(
        item_id=row.get("oe_order_item_id", ""), quantity=number(row.get("unit_quantity", "1"), "unit_quantity"),
        price=number(row["unit_price"], "unit_price") if row.get("unit_price") else None, manual=True,
        unit=row.get("unit_of_measure", ""), description=row.get("extended_desc"),
        taxable=None if taxable is None else yes(taxable), user_line_no=row.get("user_line_no", ""),
    )  # fmt: skip


def _invoiced(state: State, typed: Sequence[Entered], header: Typed, order: Row) -> Row | None:
    wanted = header.get("fc_create_invoice") == "Y" or header.get("ship") == "Y"
    return invoices.invoice_order(state, order) if wanted and order["completed"] != "Y" else None


def _only(typed: Sequence[Entered], name: str) -> Typed:
    return {
        field: value for one in typed if one.element.name == name for row in one.rows for field, value in row.items()
    }
