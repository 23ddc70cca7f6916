"""How the gateway writes documents into the books: the same rules as every other surface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from simulators.p21 import invoices, ledger, orders, parties, receipts
from simulators.p21.gateway_reads import CURRENCIES
from simulators.p21.invoices import AmountLine
from simulators.p21.ledger import GlLine
from simulators.p21.orders import LineDraft, OrderDraft
from simulators.p21.receipts import PaymentDraft
from simulators.p21.refusals import Refused
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.values import moment, number, text, whole

_ADDRESS = {"Address1": "address1", "Address2": "address2", "Address3": "address3", "City": "city", "State": "state",
            "PostalCode": "postal_code", "Country": "country"}  # fmt: skip
_SHIP_TO = {"Name": "ship2_name", "Address1": "ship2_add1", "Address2": "ship2_add2", "City": "ship2_city",
            "State": "ship2_state", "PostalCode": "ship2_zip", "Country": "ship2_country",
            "Email": "ship2_email_address", "Phone": "ship_to_phone"}  # fmt: skip
_CARD = 5
Body = Mapping[str, Any]


def customer(state: State, body: Body) -> Row:
    """POST customers: address, contact and customer at once."""
    name = _required(body, "CustomerName")
    currency = _currency_id(body.get("Currency"))
    values = {
        "customer_name": name, "salesrep_id": text(body.get("SalesRep")) or "812", "terms_id": text(body.get("Terms")) or "1",
        "currency_id": currency, "legacy_id": text(body.get("ExternalReference")) or None,
        "taxable_flag": "N" if body.get("Taxable") is False else "Y",
    }  # fmt: skip
    row = parties.add_customer(state, values, {"name": name[:50], **_place(body)})
    if body.get("Email"):
        _add_contact(state, row, body)
    return row


def change_customer(state: State, row: Row, body: Body) -> None:
    """PUT customers/{number}: only the members that are given."""
    columns = {"CustomerName": "customer_name", "Terms": "terms_id", "ExternalReference": "legacy_id"}
    state.change(
        "customer", row, {column: text(body[name]) for name, column in columns.items() if body.get(name) is not None}
    )
    place = state["address"].one(id=row["customer_id"])
    if place is not None:
        state.change("address", place, _place(body))


def order(state: State, body: Body) -> Row:
    """POST salesorders, with its payment if there is one."""
    row = _placed(state, body, "N" if body.get("Approved") is False else "Y")
    _pay(state, row, body, None)
    return row


def change_order(state: State, row: Row, body: Body) -> None:
    """PUT salesorders/{number}: whether it is approved, and nothing else; not when it was cancelled."""
    if "Y" in (row["cancel_flag"], row["delete_flag"]):
        raise Refused(f"Order {row['order_no']} is cancelled.", code="cancelled", field="OrderNumber")
    other = sorted(set(body) - {"Approved"})
    if other or not isinstance(body.get("Approved"), bool):
        raise Refused("Only Approved can be changed.", code="not_changeable", field=other[0] if other else "Approved")
    state.change("oe_hdr", row, {"approved": "Y" if body["Approved"] else "N"})
    invoices.ship_if_told(state, row)


def invoice(state: State, body: Body) -> Row:
    """POST invoices: an order that is invoiced at once or, ``ByAmount``, lines with amounts, tax and freight as given."""
    if body.get("ByAmount") is True:
        return _invoice_by_amount(state, body)
    row = _placed(state, body, "Y")
    made = invoices.invoice_order(state, row)
    if made is None:
        raise Refused(
            "The tax jurisdiction of the ship-to cannot be resolved.", code="tax_unresolved", field="ShipTo.State"
        )
    _pay(state, row, body, made)
    return made


def _invoice_by_amount(state: State, body: Body) -> Row:
    values: dict[str, Any] = {
        "po_no": text(body.get("PONumber")) or None, "external_reference_no": text(body.get("ExternalReference")) or None,
        "invoice_desc": text(body.get("Description")) or None,
    }  # fmt: skip
    for name, column in (("InvoiceDate", "invoice_date"), ("DueDate", "net_due_date")):
        if body.get(name):
            values[column] = moment(body[name], name)
    buyer = whole(_required(body, "CustomerNumber"), "CustomerNumber")
    tax, freight = (number(body.get(name) or 0, name) for name in ("Tax", "Freight"))
    lines = [_amount_line(line) for line in _lines(body)]
    return invoices.enter(state, buyer, values, lines, 1, tax=tax, freight=freight)


def credit_memo(state: State, body: Body) -> Row:
    """POST creditmemos: amounts are positive, InvoiceNumber says what is credited."""
    values = {
        "invoice_reference_no": text(body.get("InvoiceNumber")) or None, "invoice_desc": text(body.get("Reason")) or None,
        "external_reference_no": text(body.get("ExternalReference")) or None, "order_no": text(body.get("OrderNumber")) or None,
    }  # fmt: skip
    if body.get("Date"):
        values["invoice_date"] = moment(body["Date"], "Date")
    buyer = whole(_required(body, "CustomerNumber"), "CustomerNumber")
    tax = number(body.get("Tax") or 0, "Tax")
    lines = [_amount_line(line) for line in _lines(body)] or [
        AmountLine(number(_required(body, "TotalAmount"), "TotalAmount") - tax, text(body.get("Reason")))
    ]
    return invoices.enter(state, buyer, values, lines, -1, tax=tax)


def journal(state: State, body: Body) -> Row:
    """POST gl/journalentries: every line has a Debit or a Credit, neither negative."""
    date = moment(_required(body, "Date"), "Date")
    lines = [
        GlLine(
            _required(line, "Account"), _signed(line), text(line.get("Description") or body.get("Description")),
            None if line.get("ForeignAmount") is None else number(line["ForeignAmount"], "ForeignAmount"),
        )
        for line in _lines(body)
    ]  # fmt: skip
    if len(lines) < 2:
        raise Refused("An entry needs at least two lines.", code="required", field="Lines")
    period = None
    if body.get("Period") and body.get("Year"):
        period = whole(body["Period"], "Period"), whole(body["Year"], "Year")
    name = text(body.get("Journal")) or "AC"
    if state["journal"].one(journal_id=name) is None:
        raise Refused(f"Journal ID {name} is not valid.", code="unknown_journal", field="Journal")
    rows = ledger.post(state, lines, journal=name, date=date, origin="api", period=period,
                       source=text(body.get("ExternalReference")), currency_id=_currency_id(body.get("Currency")))  # fmt: skip
    return rows[0]


def _placed(state: State, body: Body, approved: str) -> Row:
    buyer = parties.customer(state, whole(_required(body, "CustomerNumber"), "CustomerNumber"))
    currency = body.get("Currency")
    if currency and _currency_id(currency) != buyer["currency_id"]:
        raise Refused(f"The customer is not kept in {currency}.", code="currency_mismatch", field="Currency")
    header: dict[str, Any] = {
        "web_reference_no": text(body.get("ExternalReference")) or None, "po_no": text(body.get("PONumber")) or None,
        "taker": text(body.get("Taker")) or None, "terms": text(body.get("Terms")) or None,
        "freight_out": number(body["Freight"], "Freight") if body.get("Freight") is not None else None, "approved": approved,
        "job_name": text(body.get("JobName")) or None, "delivery_instructions": text(body.get("Note")) or None,
    }  # fmt: skip
    for name, column in (("OrderDate", "order_date"), ("RequestedDate", "requested_date")):
        header[column] = moment(body[name], name) if body.get(name) else None
    ship_to = body.get("ShipTo") or {}
    header |= {column: text(ship_to[name]) for name, column in _SHIP_TO.items() if ship_to.get(name) is not None}
    lines = [_order_line(line) for line in _lines(body)]
    if not lines:
        raise Refused("An order needs at least one line.", code="required", field="Lines")
    return orders.place(state, OrderDraft(int(buyer["customer_id"]), header, lines))


def _order_line(line: Body) -> LineDraft:
    price, taxable = line.get("UnitPrice"), line.get("Taxable")
    return LineDraft(
        item_id=_required(line, "ItemId"), quantity=number(line.get("Quantity", 1), "Quantity"),
        price=None if price is None else number(price, "UnitPrice"), unit=text(line.get("UnitOfMeasure")),
        description=text(line.get("Description")) or None, taxable=None if taxable is None else taxable is True,
    )  # fmt: skip


def _amount_line(line: Body) -> AmountLine:
    quantity = number(line.get("Quantity", 1), "Quantity")
    amount = line.get("ExtendedPrice", line.get("Amount"))
    if amount is None:
        amount = quantity * number(_required(line, "UnitPrice"), "UnitPrice")
    return AmountLine(
        number(amount, "Amount"), text(line.get("Description")), text(line.get("Account")),
        text(line.get("ItemId")) or None, quantity or Decimal(1),
    )  # fmt: skip


def _pay(state: State, row: Row, body: Body, made: Row | None) -> None:
    paid = body.get("Payment")
    if not paid:
        return
    details = {
        "check_number": text(paid.get("Reference")) or None,
        "payment_desc": text(paid.get("Description")) or None,
    }
    date = moment(paid["PaymentDate"], "Payment.PaymentDate") if paid.get("PaymentDate") else state.today()
    kind = whole(paid.get("PaymentType") or _CARD, "Payment.PaymentType")
    draft = PaymentDraft(number(paid.get("PaymentAmount"), "Payment.PaymentAmount"), date, kind, details=details)
    receipts.pay_order(state, row, draft, made)


def _add_contact(state: State, row: Row, body: Body) -> None:
    first, _, last = text(body["CustomerName"]).partition(" ")
    parties.add_contact(state, {
        "address_id": row["customer_id"], "first_name": (text(body.get("FirstName")) or first)[:15],
        "last_name": (text(body.get("LastName")) or last)[:24], "email_address": text(body["Email"]),
        "direct_phone": text(body.get("Phone")) or None, "url": row["legacy_id"],
    })  # fmt: skip


def _place(body: Body) -> dict[str, Any]:
    given = body.get("Address") or {}
    found = {
        f"{side}_{column}": text(given[name])
        for side in ("mail", "phys")
        for name, column in _ADDRESS.items()
        if given.get(name)
    }
    if body.get("Email"):
        found["email_address"] = text(body["Email"])
    if body.get("Phone"):
        found["central_phone_number"] = text(body["Phone"])
    return found


def _signed(line: Body) -> Decimal:
    debit, credit = number(line.get("Debit") or 0, "Debit"), number(line.get("Credit") or 0, "Credit")
    if min(debit, credit) < 0:
        raise Refused("Debit and Credit cannot be negative.", code="bad_amount", field="Lines")
    return debit - credit


def _lines(body: Body) -> Sequence[Body]:
    lines = body.get("Lines") or []
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Refused("Lines must be an array of objects.", code="bad_lines", field="Lines")
    return lines


def _currency_id(code: object) -> int:
    if not code:
        return 1
    found = next((number_ for number_, known in CURRENCIES.items() if known == text(code).upper()), None)
    if found is None:
        raise Refused(f"Currency {code} is not known.", code="unknown_currency", field="Currency")
    return found


def _required(body: Body, name: str) -> str:
    if body.get(name) in (None, ""):
        raise Refused(f"{name} is required.", code="required", field=name)
    return text(body[name])
