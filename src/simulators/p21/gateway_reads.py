"""How the gateway finds and shows documents of the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from simulators.p21.invoices import balance
from simulators.p21.orders import lines_of, totals
from simulators.p21.state import State
from simulators.p21.tables import Row

CURRENCIES = {1: "USD", 2: "EUR", 3: "GBP", 4: "CAD", 5: "JPY", 6: "KWD"}
Asked = Mapping[str, str]


def customers(state: State, asked: Asked) -> Sequence[Row]:
    """Customers by reference (legacy_id), number, e-mail of address or contact, and change."""
    if "email" in asked:
        return _kept(_by_email(state, asked["email"]), asked, "legacy_id", "customer_id")
    return _kept(_narrow(state, "customer", asked, "legacy_id", "customer_id"), asked, "legacy_id", "customer_id")


def orders(state: State, asked: Asked) -> Sequence[Row]:
    """Orders by reference (web_reference_no), number, customer and change."""
    rows = _narrow(state, "oe_hdr", asked, "web_reference_no", "order_no", "customer_id")
    return _kept(rows, asked, "web_reference_no", "order_no", "customer_id")


def invoices(state: State, asked: Asked) -> Sequence[Row]:
    """Invoices: what is not a credit."""
    return [row for row in _documents(state, asked) if row["total_amount"] >= 0]


def credit_memos(state: State, asked: Asked) -> Sequence[Row]:
    """Credit memos: a negative total that is no prepayment."""
    return [row for row in _documents(state, asked) if row["total_amount"] < 0 and row["invoice_class"] != "PREPAID"]


def journals(state: State, asked: Asked) -> Sequence[Row]:
    """The first line of every entry that came through an API."""
    rows = _narrow(state, "gl", asked, "source", "transaction_number")
    own = [row for row in rows if row["origin"] == "api" and row["sequence_number"] == 1]
    return _kept(own, asked, "source", "transaction_number")


def items(state: State, asked: Asked) -> Sequence[Row]:
    """Items by number, in any case."""
    wanted = asked.get("number")
    return state["inv_mast"].rows if wanted is None else state["inv_mast"].where(item_id=wanted)


def item(state: State, row: Row) -> dict[str, Any]:
    """An item with the units that it is sold in."""
    units = state["item_uom"].where(inv_mast_uid=row["inv_mast_uid"])
    return {
        "ItemId": row["item_id"], "Description": row["item_desc"], "UnitOfMeasure": row["default_selling_unit"],
        "Units": [one["unit_of_measure"] for one in units if one["selling_unit"] == "Y" and one["delete_flag"] != "Y"],
        "Active": row["delete_flag"] != "Y" and row["inactive"] != "Y",
    }  # fmt: skip


def accounts(state: State, asked: Asked) -> Sequence[Row]:
    """The chart of accounts."""
    return [row for row in state["chart_of_accts"].rows if asked.get("number", row["account_no"]) == row["account_no"]]


def periods(state: State, asked: Asked) -> Sequence[Row]:
    """All periods."""
    return state["periods"].rows


def payments(state: State, asked: Asked) -> Sequence[Row]:
    """Payments by reference (check_number) and number, however they came in."""
    rows = _narrow(state, "ar_payment_details", asked, "check_number", "payment_number")
    return _kept(rows, asked, "check_number", "payment_number")


def payment(state: State, row: Row) -> dict[str, Any]:
    """A payment with its customer and, when it was taken with one, its order."""
    taken = state["remittances"].one(payment_number=row["payment_number"])
    receipt = state["ar_receipts"].one(payment_number=row["payment_number"])
    order = None if taken is None else state["oe_hdr"].one(order_no=taken["order_no"])
    payer = receipt["remitter_id"] if receipt else order["customer_id"] if order else None
    reversed_ = receipt is not None and receipt["reverse_payment_flag"] == "Y"
    return {
        **_payment_shown(row), "CustomerNumber": None if payer is None else str(payer),
        "OrderNumber": order["order_no"] if order else None, "Currency": CURRENCIES.get(int(row["currency_line_uid"])),
        "Cancelled": row["delete_flag"] == "Y" or reversed_, "ModifiedAt": _at(row["date_last_modified"]),
    }  # fmt: skip


def account(state: State, row: Row) -> dict[str, Any]:
    """An account of the chart."""
    return {
        "Account": row["account_no"], "Description": row["account_desc"], "AccountType": row["account_type"],
        "Branch": row["branch_id"], "Active": row["delete_flag"] != "Y",
    }  # fmt: skip


def period(state: State, row: Row) -> dict[str, Any]:
    """A period of the company's year."""
    return {
        "Period": row["period"], "Year": row["year_for_period"], "Begins": _at(row["beginning_date"]),
        "Ends": _at(row["ending_date"]), "Closed": row["period_closed"] == "Y",
    }  # fmt: skip


def customer(state: State, row: Row) -> dict[str, Any]:
    """A customer with its address and contacts."""
    place = state["address"].one(id=row["customer_id"]) or {}
    contacts = [
        {
            "ContactId": link["id"],
            "FirstName": link["first_name"],
            "LastName": link["last_name"],
            "Email": link["email_address"],
        }
        for link in state["contact_links"].where(link_id=row["customer_id"])
    ]
    return {
        "CustomerNumber": str(row["customer_id"]), "CustomerName": row["customer_name"],
        "Email": place.get("email_address"), "Phone": place.get("central_phone_number"),
        "Address": _address(place, "phys_address1", "phys_address2", "phys_city", "phys_state", "phys_postal_code",
                            "phys_country"),
        "Currency": CURRENCIES.get(int(row["currency_id"])), "Terms": row["terms_id"],
        "CreditStatus": row["credit_status"], "Active": row["delete_flag"] != "Y", "Taxable": row["taxable_flag"] == "Y",
        "ExternalReference": row["legacy_id"], "Contacts": contacts, "ModifiedAt": _at(row["date_last_modified"]),
    }  # fmt: skip


def order(state: State, row: Row) -> dict[str, Any]:
    """An order with lines, tax, total and, if one was taken with it, the payment."""
    taxes, total = totals(state, row)
    return {
        "OrderNumber": row["order_no"], "CustomerNumber": str(row["customer_id"]), "OrderDate": _at(row["order_date"]),
        "RequestedDate": _at(row["requested_date"]), "PONumber": row["po_no"], "Taker": row["taker"],
        "JobName": row["job_name"],
        "Note": row["delivery_instructions"], "Status": _status(row), "Cancelled": _status(row) == "cancelled",
        "Approved": row["approved"] == "Y",
        "Lines": [_order_line(line) for line in lines_of(state, row["order_no"])],
        "Freight": row["freight_out"], "Tax": taxes, "TotalAmount": total,
        "ShipTo": {"Name": row["ship2_name"], **_address(row, "ship2_add1", "ship2_add2", "ship2_city", "ship2_state",
                                                         "ship2_zip", "ship2_country")},
        "Currency": CURRENCIES.get(int(row["currency_line_uid"])), "ExternalReference": row["web_reference_no"],
        "Payment": _payment(state, row["order_no"]), "ModifiedAt": _at(row["date_last_modified"]),
    }  # fmt: skip


def invoice(state: State, row: Row) -> dict[str, Any]:
    """An invoice with its lines and what is paid of it."""
    return {
        "InvoiceNumber": row["invoice_no"], "OrderNumber": row["order_no"], "InvoiceDate": _at(row["invoice_date"]),
        "DueDate": _at(row["net_due_date"]), **_document(state, row, 1), "Freight": row["freight"],
        "Tax": row["tax_amount"], "AmountPaid": row["amount_paid"], "Balance": balance(row),
        "PaidInFull": row["paid_in_full_flag"] == "Y",
        "Payment": _payment(state, row["order_no"]) if row["order_no"] else None,
    }  # fmt: skip


def credit_memo(state: State, row: Row) -> dict[str, Any]:
    """A credit memo; its amounts are positive, what it credits is InvoiceNumber."""
    return {
        "CreditMemoNumber": row["invoice_no"], "InvoiceNumber": row["invoice_reference_no"],
        "Date": _at(row["invoice_date"]), **_document(state, row, -1), "Reason": row["invoice_desc"],
        "Tax": -row["tax_amount"], "Balance": -balance(row), "OrderNumber": row["order_no"],
    }  # fmt: skip


def journal(state: State, row: Row) -> dict[str, Any]:
    """A journal entry with all its lines, debits positive."""
    lines = state["gl"].where(transaction_number=row["transaction_number"])
    return {
        "JournalNumber": str(row["transaction_number"]), "Date": _at(row["transaction_date"]),
        "Journal": row["journal_id"], "Period": row["period"], "Year": row["year_for_period"],
        "Currency": CURRENCIES.get(int(row["currency_id"])), "Cancelled": row["approved"] == "N",
        "Description": row["description"], "ExternalReference": row["source"], "ModifiedAt": _at(row["date_last_modified"]),
        "Lines": [_journal_line(line) for line in lines],
    }  # fmt: skip


def _journal_line(line: Row) -> dict[str, Any]:
    amount = line["amount"]
    return {
        "Account": line["account_number"], "Debit": max(amount, Decimal(0)), "Credit": max(-amount, Decimal(0)),
        "ForeignAmount": line["foreign_amount"], "Description": line["description"],
    }  # fmt: skip


def _document(state: State, row: Row, sign: int) -> dict[str, Any]:
    lines = [
        {"ItemId": line["item_id"], "Description": line["item_desc"], "Quantity": line["qty_shipped"],
         "UnitOfMeasure": line["unit_of_measure"], "UnitPrice": sign * line["unit_price"],
         "ExtendedPrice": sign * line["extended_price"], "Taxable": line["tax_item"] == "Y",
         "Account": line["gl_revenue_account_no"]}
        for line in state["invoice_line"].where(invoice_no=row["invoice_no"])
    ]  # fmt: skip
    return {
        "CustomerNumber": row["customer_id"], "CustomerName": row["bill2_name"], "Cancelled": row["approved"] == "N",
        "TotalAmount": sign * row["total_amount"], "Lines": lines,
        "Currency": CURRENCIES.get(int(row["currency_id"])), "ExternalReference": row["external_reference_no"],
        "ModifiedAt": _at(row["date_last_modified"]),
    }  # fmt: skip


def _order_line(line: Row) -> dict[str, Any]:
    return {
        "ItemId": line["item_id"], "Description": line["extended_desc"], "Quantity": line["unit_quantity"],
        "UnitOfMeasure": line["unit_of_measure"], "UnitPrice": line["unit_price"],
        "ExtendedPrice": line["extended_price"], "Taxable": line["tax_item"] == "Y", "Tax": line["sales_tax"],
    }  # fmt: skip


def _payment(state: State, order_no: str) -> dict[str, Any] | None:
    taken = state["remittances"].one(order_no=order_no)
    if taken is None:
        return None
    return _payment_shown(state["ar_payment_details"].where(payment_number=taken["payment_number"])[0])


def _payment_shown(row: Row) -> dict[str, Any]:
    return {
        "PaymentNumber": str(row["payment_number"]), "PaymentAmount": row["payment_amount"],
        "PaymentDate": _at(row["payment_date"]), "PaymentType": str(row["payment_type_id"]),
        "Reference": row["check_number"], "Description": row["payment_desc"],
    }  # fmt: skip


def _documents(state: State, asked: Asked) -> Sequence[Row]:
    names = ("external_reference_no", "invoice_no", "customer_id")
    rows = _kept(_narrow(state, "invoice_hdr", asked, *names), asked, *names)
    if "open" not in asked:
        return rows
    return [row for row in rows if (row["paid_in_full_flag"] == "N") is (asked["open"] == "true")]


def _narrow(state: State, table: str, asked: Asked, reference: str, number: str, customer: str = "") -> Iterable[Row]:
    kept = state[table]
    for name, column in (("reference", reference), ("number", number), ("customer", customer)):
        if column and name in asked:
            return kept.among(column, [_as(kept.columns[column].kind, asked[name])])
    return kept.rows


def _kept(rows: Iterable[Row], asked: Asked, reference: str, number: str, customer: str = "") -> list[Row]:
    wanted = {"reference": reference, "number": number, "customer": customer}
    equal = [(wanted[name], value) for name, value in asked.items() if wanted.get(name)]
    since = asked.get("modifiedSince", "")
    return [
        row for row in rows
        if all(str(row[column]) == value for column, value in equal) and (row["date_last_modified"] or "") >= since
    ]  # fmt: skip


def _as(kind: str, value: str) -> object:
    if kind == "text":
        return value
    return Decimal(value) if value.isdigit() else None


def _by_email(state: State, email: str) -> list[Row]:
    ids = [link["link_id"] for link in state["contact_links"].where(email_address=email)]
    ids += [place["id"] for place in state["address"].where(email_address=email)]
    return [row for number in dict.fromkeys(ids) for row in state["customer"].where(customer_id=number)]


def _address(row: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    names = ("Address1", "Address2", "City", "State", "PostalCode", "Country")
    return {name: row.get(column) for name, column in zip(names, columns, strict=True)}


def _status(row: Row) -> str:
    if row["cancel_flag"] == "Y" or row["delete_flag"] == "Y":
        return "cancelled"
    return "completed" if row["completed"] == "Y" else "open"


def _at(moment: str | None) -> str | None:
    return None if moment is None else f"{moment}Z"
