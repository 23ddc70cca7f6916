"""What the bare script sends: P21's bodies from what Stripe or the store said, by the shortest way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Json = Mapping[str, Any]

NO_MINOR_UNIT = ("jpy",)
COMPANY = {"CompanyId": "ACME"}


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought: lines of (item, name, quantity, unit price); amounts in major units."""

    lines: Sequence[tuple[str, str, float, float]]
    shipping: float = 0.0
    discount: float = 0.0
    number: str = ""
    buyer: Json = field(default_factory=dict)
    ship_to_name: str = ""
    ship_to: Json = field(default_factory=dict)
    store_order: str = ""


def of_checkout(session: Json, lines: Sequence[Json]) -> Bought:
    """What a Checkout session sold; each line has its price and product expanded."""
    currency, shipping = session["currency"], session["collected_information"]["shipping_details"] or {}
    return Bought(
        [_line(one, one["price"], currency) for one in lines],
        major((session["shipping_cost"] or {}).get("amount_total", 0), currency),
        major(session["total_details"]["amount_discount"], currency),
        buyer=session["customer_details"],
        ship_to_name=shipping.get("name", ""),
        ship_to=shipping.get("address", {}),
    )


def of_invoice(invoice: Json, lines: Sequence[tuple[Json, Json]]) -> Bought:
    """What an invoice billed: its lines, each with its price."""
    buyer = {name: invoice[f"customer_{name}"] for name in ("name", "email", "address")}
    return Bought(
        [_line(one, price, invoice["currency"]) for one, price in lines], number=invoice["number"], buyer=buyer
    )


def of_metadata(payment: Json) -> Bought:
    """What the payment's metadata says."""
    currency = payment["currency"]
    return Bought(
        [
            (one["sku"], one["description"], one["quantity"], major(one["unit_amount"], currency))
            for one in json.loads(payment["metadata"]["lines"])
        ]
    )


def of_store(order: Json) -> Bought:
    """What the web store's order says."""
    billing, shipping = order["billing"], order["shipping"]
    ship_to = shipping if shipping["city"] else billing
    return Bought(
        [
            (one["sku"], one["name"], one["quantity"], float(one["subtotal"]) / one["quantity"])
            for one in order["line_items"]
        ],
        number=str(order["number"]),
        buyer={"name": _person(billing), "email": billing["email"]},
        ship_to_name=_person(ship_to),
        ship_to={**ship_to, "line1": ship_to["address_1"], "postal_code": ship_to["postcode"]},
        store_order=str(order["id"]),
    )


def mark_of(payment: Json) -> str:
    """What everything written for a payment is marked with."""
    return str(payment["id"])[-20:]


def address_body(mark: str, name: str, email: str, at: Json) -> dict[str, Any]:
    """An address, mailing and physical alike."""
    named = {"Address1": "line1", "City": "city", "State": "state", "PostalCode": "postal_code", "Country": "country"}
    sides = {f"{side}{ours}": at[theirs] for side in ("Mail", "Phys") for ours, theirs in named.items() if at[theirs]}
    return {"Name": name, "EmailAddress": email, **sides, "Url": mark}


def contact_body(mark: str, address: int, person: str, email: str) -> dict[str, Any]:
    """The person at an address."""
    first, last = person.split(" ", 1)
    return {"AddressId": address, "FirstName": first, "LastName": last, "EmailAddress": email, "Url": mark}


def customer_body(mark: str, address: int, contact: str, name: str, currency: int) -> dict[str, Any]:
    """A customer with its ship-to."""
    salesrep = {"SalesrepId": "812"}
    ship_to = {
        "ShipToName": name, "DefaultBranch": "01", "TermsId": "1", "InvoiceType": "IN", "DefaultSourceLocationId": 10,
        "PackingBasis": "Partial", "PickTicketType": "PT", "AcceptPartialOrders": "Y",
    }  # fmt: skip
    return {
        **COMPANY, **salesrep, "CustomerName": name, "TermsId": "1", "CodRequiredFlag": "N", "Taxable": "Y",
        "CurrencyId": currency, "CustomerAddress": {"AddressId": address, "Name": name}, "LegacyId": mark,
        "CustomerContacts": {"list": [{**COMPANY, "ContactId": contact}]},
        "CustomerSalesreps": {"list": [{**COMPANY, **salesrep, "PrimarySalesrep": "Y", "CommissionPercentage": 100}]},
        "CustomerShipTos": {"list": [{**COMPANY, **salesrep, **ship_to}]},
    }  # fmt: skip


def order_body(payment: Json, bought: Bought, customer: int) -> dict[str, Any]:
    """A sales order at the prices that were paid."""
    day = datetime.fromtimestamp(payment["created"], UTC)
    lines = [
        {"ItemId": item, "UnitQuantity": many, "UnitPrice": price, "ExtendedDesc": name, "TaxItem": "Y"}
        for item, name, many, price in bought.lines
    ]
    if bought.shipping:
        lines.append({"ItemId": "FREIGHT", "UnitQuantity": 1, "UnitPrice": bought.shipping, "TaxItem": "N"})
    if bought.discount:
        lines.append({"ItemId": "DISCOUNT", "UnitQuantity": 1, "UnitPrice": -bought.discount, "TaxItem": "Y"})
    return {
        **COMPANY, "CustomerId": customer, "ShipToId": customer, "LocationId": 10, "SourceLocationId": 10,
        "Taker": "TIEOUT", "Terms": "1", "OrderDate": f"{day:%Y-%m-%d}T00:00:00", "Quote": "N", "Approved": True,
        "RequestedDate": f"{day + timedelta(days=1):%Y-%m-%d}T00:00:00", "CreateInvoice": False,
        "WebReferenceNo": mark_of(payment), "PoNo": bought.number, **_ship_to(bought),
        "Lines": {"list": [{**line, "ManualPriceOveride": "Y"} for line in lines]},
    }  # fmt: skip


def receipt_body(payment: Json, order: str, customer: int) -> dict[str, Any]:
    """A cash receipt for the receipts window."""
    charge, currency = payment["latest_charge"], payment["currency"]
    edits = {
        "customer_id": str(customer), "date_received": f"{datetime.fromtimestamp(payment['created'], UTC):%Y-%m-%d}",
        "payment_amount": str(major(charge["amount_captured"], currency)), "payment_type_id": "5", "bank_no": "2",
        "check_number": mark_of(payment), "payment_desc": f"Stripe {charge['id']}", "order_no": order,
    }  # fmt: skip
    rows = [{"Edits": [{"Name": name, "Value": value} for name, value in edits.items()], "RelativeDateEdits": []}]
    element = {"Name": "TABPAGE_1.cash_receipt", "Type": "Form", "Keys": [], "Rows": rows}
    return {
        "Name": "CashReceipts", "UseCodeValues": False, "IgnoreDisabled": False,
        "Transactions": [{"Status": "New", "DataElements": [element]}],
    }  # fmt: skip


def major(minor: int, currency: str) -> float:
    """An amount in major units."""
    return float(minor) if currency in NO_MINOR_UNIT else minor / 100


def _line(line: Json, price: Json, currency: str) -> tuple[str, str, float, float]:
    sku = price["product"]["metadata"]["sku"]
    return sku, line["description"], line["quantity"], major(price["unit_amount"], currency)


def _ship_to(bought: Bought) -> dict[str, str]:
    at = bought.ship_to
    named = {"ShipToAddress1": "line1", "ShipToCity": "city", "OeHdrShip2State": "state", "ZipCode": "postal_code",
             "ShipToCountry": "country"}  # fmt: skip
    found = {ours: str(at[theirs]) for ours, theirs in named.items() if at.get(theirs)}
    return {"ShipToName": bought.ship_to_name, **found} if found else {}


def _person(party: Json) -> str:
    return f"{party['first_name']} {party['last_name']}"
