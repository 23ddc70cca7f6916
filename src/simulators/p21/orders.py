"""Sales orders: customer rules, items, prices, tax and totals (P21 facts §3, §10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from simulators.p21.parties import customer
from simulators.p21.refusals import Refused
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.taxes import jurisdiction, rates, tax
from simulators.p21.values import money


@dataclass(frozen=True, slots=True)
class LineDraft:
    """An order line that was asked for; ``price`` counts only when ``manual``."""

    item_id: str
    quantity: Decimal
    price: Decimal | None = None
    manual: bool = True
    unit: str = ""
    description: str | None = None
    taxable: bool | None = None
    user_line_no: str = ""


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order that was asked for: ``header`` has the columns of oe_hdr as far as they were given."""

    customer_id: int
    header: Mapping[str, Any]
    lines: Sequence[LineDraft] = field(default_factory=tuple)


def place(state: State, draft: OrderDraft) -> Row:
    """Write the order with its lines and its tax; Refused when a business rule says no, and nothing is written."""
    with state.atomic():
        buyer = customer(state, draft.customer_id)
        _require_credit(state, buyer)
        _require_po(buyer, draft.header)
        header = _header(state, buyer, draft)
        add_lines(state, header, draft.lines)
        return header


def add_lines(state: State, header: Row, drafts: Sequence[LineDraft]) -> None:
    """Append lines to an order; a line whose item is unknown is refused or silently dropped, as the tenant is set."""
    table, place_of_tax = rates(state.options.tax_rates), tax_place(state, header)
    present = len(state["oe_line"].where(order_no=header["order_no"]))
    kept = drafts[:-1] if "drop_line" in state.twist and len(drafts) > 1 else drafts
    for draft in kept:
        sold = _item(state, draft.item_id)
        if sold is None:
            continue
        present += 1
        values = _line(state, header, sold, draft)
        if values["tax_item"] == "Y" and header["taxable"] == "Y":
            values["sales_tax"] = tax(values["extended_price"], place_of_tax, table, header["currency_line_uid"])
        state.insert("oe_line", {**values, "line_no": present})


def tax_place(state: State, header: Mapping[str, Any]) -> str | None:
    """The jurisdiction of an order, or None when it cannot be resolved."""
    table = rates(state.options.tax_rates)
    return jurisdiction(header["ship2_state"] or "", header["ship2_country"] or "", table)


def lines_of(state: State, order_no: str) -> list[Row]:
    """The lines of an order that are not deleted, in their order."""
    return [row for row in state["oe_line"].where(order_no=order_no) if row["delete_flag"] != "Y"]


def totals(state: State, header: Row) -> tuple[Decimal, Decimal]:
    """Tax and total of an order, in the order's currency."""
    lines = lines_of(state, header["order_no"])
    taxes = sum((row["sales_tax"] for row in lines), Decimal(0))
    return taxes, taxes + header["freight_out"] + sum((row["extended_price"] for row in lines), Decimal(0))


def _require_credit(state: State, buyer: Row) -> None:
    status = state["credit_status"].one(credit_status_id=buyer["credit_status"] or "")
    if status is not None and status["order_entry_action"] == "N":
        raise Refused(
            f"Customer {buyer['customer_id']} is on credit hold ({status['credit_status_id']}). Order entry is not allowed.",
            code="credit_hold", field="CustomerNumber", synthetic=True,
        )  # fmt: skip


def _require_po(buyer: Row, header: Mapping[str, Any]) -> None:
    if buyer["po_no_required"] == "Y" and not header.get("po_no"):
        raise Refused(
            f"Customer {buyer['customer_id']} requires a Purchase Order Number.", code="po_required", field="PONumber",
            synthetic=True,
        )  # fmt: skip


def _header(state: State, buyer: Row, draft: OrderDraft) -> Row:
    ship_to = draft.header.get("address_id") or buyer["customer_id"]
    if state["ship_to"].one(ship_to_id=ship_to, customer_id=buyer["customer_id"]) is None:
        raise Refused(f"Ship To ID {ship_to} is not valid for this customer.", code="unknown_ship_to", field="ShipToId")
    number = str(state.next("order"))
    defaults = {
        "company_id": state.company, "customer_id": buyer["customer_id"], "order_date": state.today(),
        "requested_date": state.today(), "terms": buyer["terms_id"], "address_id": ship_to, "location_id": 10,
        "source_location_id": 10, "currency_line_uid": buyer["currency_id"], "taxable": buyer["taxable_flag"],
        "validation_status": "OK", "packing_basis": "Partial", **_shipping(state, ship_to),
    }  # fmt: skip
    given = {name: value for name, value in draft.header.items() if value is not None}
    row = state.insert("oe_hdr", {**defaults, **given, "order_no": number, "oe_hdr_uid": int(number)})
    where = tax_place(state, row)
    if where is not None:
        state.insert("oe_hdr_tax", {"order_no": number, "jurisdiction_id": where, "taxable": row["taxable"]})
    return row


def _shipping(state: State, ship_to: object) -> dict[str, Any]:
    place = state["address"].one(id=ship_to)
    if place is None:
        return {}
    return {
        "ship2_name": place["name"], "ship2_add1": place["phys_address1"], "ship2_add2": place["phys_address2"],
        "ship2_city": place["phys_city"], "ship2_state": place["phys_state"], "ship2_zip": place["phys_postal_code"],
        "ship2_country": place["phys_country"], "ship2_email_address": place["email_address"],
    }  # fmt: skip


def _item(state: State, item_id: str) -> Row | None:
    found = state["inv_mast"].one(item_id=item_id)
    if found is None and state.options.unknown_item == "drop":
        return None
    if found is None or found["delete_flag"] == "Y" or found["inactive"] == "Y":
        code = "unknown_item" if found is None else "inactive_item"
        raise Refused(f"Item {item_id}: Item is not valid or not defined at this location", code=code, field="ItemId")
    return found


def _line(state: State, header: Row, sold: Row, draft: LineDraft) -> dict[str, Any]:
    unit = draft.unit or sold["default_selling_unit"]
    if state["item_uom"].one(inv_mast_uid=sold["inv_mast_uid"], unit_of_measure=unit) is None:
        raise Refused(
            f"Unit of measure {unit} is not valid for item {sold['item_id']}.", code="unknown_unit",
            field="UnitOfMeasure", synthetic=True,
        )  # fmt: skip
    if draft.quantity <= 0:
        raise Refused("Quantity must be greater than zero.", code="bad_quantity", field="Quantity", synthetic=True)
    honoured = draft.manual and state.options.honour_price and "ignore_price" not in state.twist
    price = draft.price if honoured and draft.price is not None else sold["price1"]
    charge = sold["other_charge_item"]
    return {
        "order_no": header["order_no"], "oe_line_uid": state.next("order line"), "oe_hdr_uid": header["oe_hdr_uid"],
        "company_no": state.company, "inv_mast_uid": sold["inv_mast_uid"], "item_id": sold["item_id"],
        "unit_quantity": draft.quantity, "qty_ordered": draft.quantity, "unit_of_measure": unit, "pricing_unit": unit,
        "unit_price": price, "extended_price": money(price * draft.quantity, header["currency_line_uid"]), "other_charge": charge,
        "tax_item": _taxable(draft, charge), "manual_price_overide": "Y" if honoured and draft.price is not None else "N",
        "extended_desc": draft.description or sold["item_desc"], "user_line_no": draft.user_line_no or None,
        "source_loc_id": header["source_location_id"], "ship_loc_id": header["location_id"],
        "required_date": header["requested_date"],
    }  # fmt: skip


def _taxable(draft: LineDraft, other_charge: str) -> str:
    wanted = other_charge != "Y" if draft.taxable is None else draft.taxable
    return "Y" if wanted else "N"
