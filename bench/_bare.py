"""Order to cash as a script would do it: the same requests as Tieout, one order after the other, nothing durable.

No database, no engine, no checks, no second try. Whoever kills it half-way has an order without a receipt, and whoever
starts it again has the order twice. It is the measure of what Tieout's promises cost.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import httpx2

from bench._bare_bodies import (
    Bought,
    Json,
    address_body,
    contact_body,
    customer_body,
    mark_of,
    of_checkout,
    of_invoice,
    of_metadata,
    of_store,
    order_body,
    receipt_body,
)
from bench._world import Addresses

HERE = "company_id eq 'ACME'"
LIVE = "delete_flag eq 'N'"
CUSTOMER = "customer_id,company_id,customer_name,currency_id,terms_id,credit_status,delete_flag"
ITEM = "inv_mast_uid,item_id,item_desc,default_selling_unit,other_charge_item,delete_flag,inactive"
ORDER = "order_no,customer_id,company_id,web_reference_no,po_no,job_name,cancel_flag,delete_flag,completed,freight_out"
LINE = "line_no,order_no,unit_quantity,unit_price,extended_price,sales_tax,delete_flag,cancel_flag,item_id"
PAYMENT = "payment_number,payment_amount,payment_date,check_number,payment_type_id,delete_flag"
RECEIPT = "receipt_number,payment_number,company_id,remitter_id,reverse_payment_flag,delete_flag"


class Script:
    """Makes every request that Tieout makes for a paid order when nothing goes wrong."""

    def __init__(self, at: Addresses) -> None:
        self._at, self._client = at, httpx2.Client(timeout=30, trust_env=False)
        login = {"username": at.p21_user, "password": at.p21_password}
        answer = self._client.post(
            f"{at.p21}/api/security/token/v2", json=login, headers={"Accept": "application/json"}
        )
        token = answer.raise_for_status().json()["AccessToken"]
        self._systems: Mapping[str, tuple[str, dict[str, str]]] = {
            "stripe": (f"{at.stripe}/v1", {"Authorization": f"Bearer {at.stripe_key}"}),
            "p21": (at.p21, {"Authorization": f"Bearer {token}", "Accept": "application/json"}),
            "store": (at.store, {"Authorization": f"Basic {b64encode(':'.join(at.store_login).encode()).decode()}"}),
        }

    def close(self) -> None:
        """Give the sockets back."""
        self._client.close()

    def apply(self, payment_id: str) -> None:
        """Turn one payment into a customer, an order and a receipt, and write the numbers back."""
        payment = self._payment(payment_id)
        bought = self._bought(payment)
        for item, *_ in bought.lines:
            self.rows("table/inv_mast", f"item_id eq '{item}'", ITEM)
        customer = self._customer(payment, bought)
        order = self._order(payment, bought, customer)
        receipt = self._receipt(payment, order, customer)
        self._mark(f"/payment_intents/{payment_id}", {"erporderid": order, "p21_receipt_no": receipt})
        if bought.store_order:
            self._tell_store(f"/wp-json/wc/v3/orders/{bought.store_order}", order)

    def read(self, system: str, path: str, query: Mapping[str, str] | None = None) -> Any:
        """What a system answers to a GET."""
        base, headers = self._systems[system]
        return self._client.get(base + path, params=query, headers=headers).raise_for_status().json()

    def write(self, system: str, method: str, path: str, **body: Any) -> Any:
        """What a system answers to a write; ``json`` or ``data`` as the client takes them."""
        base, headers = self._systems[system]
        return self._client.request(method, base + path, headers=headers, **body).raise_for_status().json()

    def rows(self, source: str, where: str, select: str) -> list[Json]:
        """Rows of a P21 table, ordered by the first column."""
        query = {"$filter": where, "$select": select, "$orderby": select.partition(",")[0], "$top": "200"}
        found: list[Json] = self.read("p21", f"/odataservice/odata/{source}", query)["value"]
        return found

    def look(self, system: str, path: str, query: Mapping[str, str] | None = None) -> None:
        """Read what only someone careful needs: again, whether it is there already, whether it came out as meant."""
        self.read(system, path, query)

    def look_for(self, source: str, where: str, select: str) -> None:
        """The same in a P21 table."""
        self.rows(source, where, select)

    # What was paid, what for, and by whom.

    def _payment(self, payment_id: str) -> dict[str, Any]:
        expand = {"expand[0]": "latest_charge", "expand[1]": "customer"}
        named = {"payment[type]": "payment_intent", "payment[payment_intent]": payment_id, "limit": "1"}
        payment = self.read("stripe", f"/payment_intents/{payment_id}", expand)
        paid = self.read("stripe", "/invoice_payments", named)["data"]
        if "ecommerceorderid" not in payment["metadata"]:
            self.look("stripe", f"/payment_intents/{payment_id}", expand)
            self.look("stripe", "/invoice_payments", named)
        return {**payment, "invoice": paid[0]["invoice"] if paid else ""}

    def _bought(self, payment: Json) -> Bought:
        if store_order := payment["metadata"].get("ecommerceorderid"):
            return of_store(self.read("store", f"/wp-json/wc/v3/orders/{store_order}"))
        asked = {"payment_intent": payment["id"], "limit": "1"}
        for session in self.read("stripe", "/checkout/sessions", asked)["data"]:
            expand = {"limit": "100", "expand[0]": "data.price.product"}
            return of_checkout(
                session, self.read("stripe", f"/checkout/sessions/{session['id']}/line_items", expand)["data"]
            )
        return self._billed(payment["invoice"]) if payment["invoice"] else of_metadata(payment)

    def _billed(self, invoice_id: str) -> Bought:
        invoice = self.read("stripe", f"/invoices/{invoice_id}")
        lines = self.read("stripe", f"/invoices/{invoice_id}/lines", {"limit": "100"})["data"]
        prices = [one["pricing"]["price_details"]["price"] for one in lines]
        expand = {"expand[0]": "product"}
        return of_invoice(
            invoice,
            [(one, self.read("stripe", f"/prices/{price}", expand)) for one, price in zip(lines, prices, strict=True)],
        )

    def _customer(self, payment: Json, bought: Bought) -> int:
        charge, known, buyer = payment["latest_charge"], payment["customer"] or {}, bought.buyer
        billing, path = charge["billing_details"], f"/customers/{known.get('id')}"
        if known:
            self.look("stripe", path)
        email = known.get("email") or buyer.get("email") or billing["email"] or charge["receipt_email"]
        name = known.get("name") or buyer.get("name") or billing["name"]
        customer = self._by_email(email) or self._new_customer(payment, name, email, billing)
        if known:
            self._mark(path, {"p21_customer_id": str(customer)})
        return customer

    def _by_email(self, email: str) -> int:
        first, second = (_either(column, email) for column in ("email_address", "email_address2"))
        columns = "id,address_id,email_address,email_address2,delete_flag"
        contacts = self.rows("table/contacts", f"({first} or {second}) and {LIVE}", columns)
        numbers = {row["address_id"] for row in contacts}
        if contacts:
            where = " or ".join(f"id eq '{row['id']}'" for row in contacts)
            links = self.rows("view/p21_view_contacts_x_links", f"({where}) and {HERE}", "link_id,id")
            numbers |= {int(row["link_id"]) for row in links}
        numbers |= {row["id"] for row in self.rows("table/address", f"{first} and {LIVE}", "id,email_address")}
        where = " or ".join(f"customer_id eq {number}" for number in sorted(numbers))
        found = self.rows("table/customer", f"({where}) and {HERE} and {LIVE}", CUSTOMER) if numbers else []
        return int(found[0]["customer_id"]) if found else 0

    # What is written.

    def _new_customer(self, payment: Json, name: str, email: str, billing: Json) -> int:
        mark, currency = mark_of(payment), self._at.currencies[payment["currency"]]
        at = address_body(mark, name, email, billing["address"])
        address = int(self._party("addresses", "table/address", "AddressId", at))
        person = contact_body(mark, address, billing["name"], email)
        contact = self._party("contacts", "table/contacts", "Id", person)
        party = customer_body(mark, address, contact, name, currency)
        return int(self._party("customers", "table/customer", "CustomerId", party))

    def _party(self, family: str, source: str, member: str, body: Json) -> str:
        key, column = ("customer_id", "legacy_id") if family == "customers" else ("id", "url")
        marked, select = f"{column} eq '{body.get('Url') or body['LegacyId']}'", f"{key},{column},delete_flag"
        self.look_for(source, marked, select)
        number = str(self.write("p21", "POST", f"/api/entity/{family}/", json=body)[member])
        self.look_for(source, f"{key} eq " + (f"'{number}'" if family == "contacts" else number), select)
        return number

    def _order(self, payment: Json, bought: Bought, customer: int) -> str:
        marked = f"web_reference_no eq '{mark_of(payment)}' and {HERE}"
        self.look_for("table/oe_hdr", marked, ORDER)
        self.look_for("table/customer", f"customer_id eq {customer} and {HERE}", CUSTOMER)
        order = self.write("p21", "POST", "/api/sales/orders/", json=order_body(payment, bought, customer))["OrderNo"]
        self.look_for("table/oe_hdr", f"order_no eq '{order}' and {HERE}", ORDER)
        self.look_for("view/p21_view_oe_line", f"order_no eq '{order}'", LINE)
        return str(order)

    def _receipt(self, payment: Json, order: str, customer: int) -> str:
        marked = f"check_number eq '{mark_of(payment)}'"
        self.look_for("table/ar_payment_details", marked, PAYMENT)
        self.look_for("table/customer", f"customer_id eq {customer} and {HERE}", CUSTOMER)
        body = receipt_body(payment, order, customer)
        answer = self.write("p21", "POST", "/uiserver0/api/v2/transaction", json=body)
        edits = answer["Results"]["Transactions"][0]["DataElements"][0]["Rows"][0]["Edits"]
        receipt = next(str(edit["Value"]) for edit in edits if edit["Name"] == "payment_number")
        self.look_for("table/ar_payment_details", f"payment_number eq {receipt}", PAYMENT)
        self.look_for("table/ar_receipts", f"payment_number eq {receipt}", RECEIPT)
        return receipt

    def _mark(self, path: str, metadata: Mapping[str, str]) -> None:
        self.look("stripe", path)
        self.write("stripe", "POST", path, data={f"metadata[{key}]": value for key, value in metadata.items()})

    def _tell_store(self, path: str, order: str) -> None:
        self.look("store", path)
        self.write("store", "PUT", path, json={"meta_data": [{"key": "p21_order_no", "value": order}]})
        self.look("store", path)


class BlindScript(Script):
    """Never looks: the fewest requests that put the order, the receipt and the numbers where they belong."""

    def look(self, system: str, path: str, query: Mapping[str, str] | None = None) -> None:
        """Trust."""

    def look_for(self, source: str, where: str, select: str) -> None:
        """Trust."""


def _either(column: str, email: str) -> str:
    return f"({column} eq '{email.lower()}' or {column} eq '{email.upper()}')"
