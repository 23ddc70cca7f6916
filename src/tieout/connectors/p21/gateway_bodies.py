"""What is sent to the gateway and how its records are read; every name is configuration (M16)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tieout.connectors.p21._face import LedgerLine
from tieout.connectors.p21.amounts import SeenAmount, SeenDocument, part, require_sum
from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.connectors.p21.comparing import ZERO, Seen, SeenLine, document_lines
from tieout.connectors.p21.documents import day, number, requested_day, text
from tieout.connectors.p21.postings import foreign, period_of, require_balanced
from tieout.connectors.p21.settings import P21Settings
from tieout.domain.writing import Document, Json

VOID = ("cancelled", "canceled", "deleted", "void", "voided")
Named = Callable[[str], str]


def order_body(settings: P21Settings, reference: str, document: Document) -> dict[str, Any]:
    """A sales order, unapproved where it can be approved after it was compared."""
    return _ordered(settings, reference, document, settings.enters_approved(document.get("approved")))


def invoice_body(settings: P21Settings, reference: str, document: Document) -> dict[str, Any]:
    """An order that is invoiced at once: it cannot be held first."""
    return _ordered(settings, reference, document, settings.wants_approved(document.get("approved")))


def _ordered(settings: P21Settings, reference: str, document: Document, approved: bool) -> dict[str, Any]:
    """A sales order or an invoice, with its payment where receipts travel with the order."""
    named = settings.gateway.field
    body = _filled(
        named,
        {
            "ExternalReference": reference,
            "CustomerNumber": text(document, "customer_id"),
            "OrderDate": _moment(day(document, "order_date")),
            "RequestedDate": _moment(requested_day(document)),
            "PONumber": text(document, "po_no"),
            "JobName": text(document, "job_name"),
            "Taker": text(document, "taker") or settings.taker,
            "Terms": text(document, "terms") or settings.terms,
            "Note": text(document, "note"),
            "Currency": text(document, "currency").upper(),
            "Approved": approved,
            "TotalAmount": number(document, "total"),
            "Lines": [_line(named, line) for line in document_lines(document)],
            "ShipTo": _ship_to(named, document),
        },
    )
    payment = document.get("payment")
    if settings.receipts_by == "order" and isinstance(payment, dict):
        body[named("Payment")] = _payment(settings, payment)
    return body


def customer_body(settings: P21Settings, reference: str, document: Document) -> dict[str, Any]:
    """A customer with its address and contact; what the document lacks is left out."""
    named = settings.gateway.field
    address = {
        "Address1": text(document, "address1"),
        "Address2": text(document, "address2"),
        "Address3": text(document, "address3"),
        "City": text(document, "city"),
        "State": text(document, "state"),
        "PostalCode": text(document, "postal_code"),
        "Country": text(document, "country"),
    }
    person = {"FirstName": text(document, "first_name"), "LastName": text(document, "last_name")}
    return _filled(
        named,
        {
            "ExternalReference": reference,
            "CustomerName": text(document, "name"),
            "Email": text(document, "email"),
            "Phone": text(document, "phone"),
            "Address": _filled(named, address),
            "Contact": _filled(named, person),
            "Currency": text(document, "currency").upper(),
            "Terms": text(document, "terms") or settings.terms,
            "SalesRep": text(document, "salesrep") or settings.salesrep,
            "Taxable": text(document, "taxable") != "N",
        },
    )


def credit_memo_body(settings: P21Settings, reference: str, document: Document) -> dict[str, Any]:
    """A credit memo: its amounts are positive."""
    require_sum(document)
    named = settings.gateway.field
    return _filled(
        named,
        {
            "ExternalReference": reference,
            "CustomerNumber": text(document, "customer_id"),
            "InvoiceNumber": text(document, "invoice_no"),
            "OrderNumber": text(document, "order_no"),
            "Date": _moment(day(document, "date")),
            "Currency": text(document, "currency").upper(),
            "Kind": text(document, "kind") or "money",
            "Reason": text(document, "reason"),
            "Tax": part(document, "tax"),
            "TotalAmount": number(document, "total"),
            "Lines": _amount_lines(named, document),
        },
    )


def invoice_by_amount_body(settings: P21Settings, reference: str, document: Document) -> dict[str, Any]:
    """An invoice without an order: lines, tax and freight stand as they are given."""
    require_sum(document)
    named = settings.gateway.field
    return _filled(
        named,
        {
            "ExternalReference": reference,
            "ByAmount": True,
            "CustomerNumber": text(document, "customer_id"),
            "InvoiceDate": _moment(day(document, "date")),
            "DueDate": _moment(day(document, "due_date")),
            "Currency": text(document, "currency").upper(),
            "PONumber": text(document, "po_no"),
            "Description": text(document, "description"),
            "Tax": part(document, "tax"),
            "Freight": part(document, "freight"),
            "TotalAmount": number(document, "total"),
            "Lines": _amount_lines(named, document),
        },
    )


def seen_by_amount(settings: P21Settings, record: Mapping[str, Any]) -> SeenDocument:
    """A credit memo or invoice by amount as the gateway shows it: amounts are positive in both."""
    named = settings.gateway.field
    listed = record.get(named("Lines"))
    lines = (
        SeenAmount(
            text_of(line.get(named("ItemId"))),
            amount_of(line, named("ExtendedPrice")),
            text_of(line.get(named("Account"))),
        )
        for line in (listed if isinstance(listed, list) else ())
        if isinstance(line, dict)
    )
    return SeenDocument(
        text_of(record.get(named("CustomerNumber"))),
        text_of(record.get(named("InvoiceNumber"))),
        tuple(lines),
        amount_of(record, named("Tax")),
        amount_of(record, named("Freight")),
        amount_of(record, named("TotalAmount")),
        is_void(settings, record),
    )


def journal_body(settings: P21Settings, reference: str, document: Document) -> dict[str, Any]:
    """A journal entry; in the document debits are positive amounts."""
    require_balanced(document)
    named = settings.gateway.field
    lines = [
        _filled(
            named,
            {
                "Account": text(line, "account"),
                "Debit": max(number(line, "amount"), ZERO),
                "Credit": max(-number(line, "amount"), ZERO),
                "ForeignAmount": foreign(line),
                "Description": text(line, "description"),
            },
        )
        for line in document_lines(document)
    ]
    abroad = any(text(line, "foreign_amount") for line in document_lines(document))
    period, year = period_of(document)
    return _filled(
        named,
        {
            "ExternalReference": reference,
            "Date": _moment(day(document, "date")),
            "Journal": text(document, "journal") or settings.journal_id,
            "Period": period,
            "Year": year,
            "Currency": text(document, "currency").upper() if abroad else "",
            "Description": text(document, "description"),
            "Lines": lines,
        },
    )


def seen_order(settings: P21Settings, record: Mapping[str, Any]) -> Seen:
    """An order or invoice as the gateway shows it."""
    named = settings.gateway.field
    listed = record.get(named("Lines"))
    lines = [line for line in listed if isinstance(line, dict)] if isinstance(listed, list) else []
    return Seen(
        text_of(record.get(named("CustomerNumber"))),
        tuple(_seen_line(named, line) for line in lines),
        amount_of(record, named("Tax")),
        amount_of(record, named("TotalAmount")),
        "cancelled" if is_void(settings, record) else "",
    )


def posted_lines(settings: P21Settings, record: Mapping[str, Any]) -> tuple[LedgerLine, ...]:
    """The postings of a journal entry as the gateway shows it."""
    named = settings.gateway.field
    listed = record.get(named("Lines"))
    return tuple(
        LedgerLine(
            text_of(line.get(named("Account"))),
            amount_of(line, named("Debit")) - amount_of(line, named("Credit")),
            amount_of(line, named("ForeignAmount")),
            text_of(line.get(named("Description"))),
        )
        for line in (listed if isinstance(listed, list) else ())
        if isinstance(line, dict)
    )


def is_void(settings: P21Settings, record: Mapping[str, Any]) -> bool:
    """Whether P21 counts the record no more."""
    named = settings.gateway.field
    return text_of(record.get(named("Status"))).lower() in VOID or record.get(named("Cancelled")) is True


def amount_of(record: Mapping[str, Any], name: str) -> Decimal:
    """An amount of a record; zero where it has none."""
    value = record.get(name)
    return ZERO if value is None else decimal_of(value, name)


def _line(named: Named, line: Mapping[str, Json]) -> dict[str, Any]:
    taxable = line.get("taxable")
    given = {
        "ItemId": text(line, "item_id"),
        "Quantity": number(line, "quantity"),
        "UnitOfMeasure": text(line, "unit_of_measure"),
        "UnitPrice": number(line, "unit_price"),
        "ExtendedPrice": number(line, "extended_price"),
        "Description": text(line, "description"),
        "Taxable": taxable if isinstance(taxable, bool) else None,
    }
    return _filled(named, given)


def _amount_lines(named: Named, document: Document) -> list[dict[str, Any]]:
    return [
        _filled(
            named,
            {
                "ItemId": text(line, "item_id"),
                "Description": text(line, "description"),
                "Account": text(line, "account"),
                "Quantity": decimal_of(line.get("quantity") or "1", "quantity"),
                "ExtendedPrice": number(line, "amount"),
            },
        )
        for line in document_lines(document)
    ]


def _ship_to(named: Named, document: Document) -> dict[str, Any]:
    given = {
        "Name": text(document, "ship_to_name"),
        "Address1": text(document, "ship_to_address1"),
        "Address2": text(document, "ship_to_address2"),
        "City": text(document, "ship_to_city"),
        "State": text(document, "ship_to_state"),
        "PostalCode": text(document, "ship_to_postal_code"),
        "Country": text(document, "ship_to_country"),
        "Email": text(document, "ship_to_email"),
        "Phone": text(document, "ship_to_phone"),
    }
    second = {named("Address2"): ""} if given["Address1"] and not given["Address2"] else {}
    return {**_filled(named, given), **second}


def _payment(settings: P21Settings, payment: Mapping[str, Json]) -> dict[str, Any]:
    given = {
        "Reference": text(payment, "reference"),
        "PaymentAmount": number(payment, "amount"),
        "PaymentDate": _moment(day(payment, "date")),
        "PaymentType": text(payment, "payment_type_id") or text_of(settings.payment_type_id),
        "Description": text(payment, "description"),
    }
    return _filled(settings.gateway.field, given)


def _seen_line(named: Named, line: Mapping[str, Any]) -> SeenLine:
    return SeenLine(
        text_of(line.get(named("ItemId"))),
        amount_of(line, named("Quantity")),
        amount_of(line, named("UnitPrice")),
        amount_of(line, named("ExtendedPrice")),
        text_of(line.get(named("UnitOfMeasure"))),
    )


def _filled(named: Named, given: Mapping[str, Any]) -> dict[str, Any]:
    return {named(name): value for name, value in given.items() if value not in ("", None) and value != {}}


def _moment(date: str) -> str:
    return f"{date}T00:00:00" if date else ""
