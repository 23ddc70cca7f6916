"""Reads of the gateway that the books need: accounts, periods, documents, receivables; all of it synthetic (M16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from tieout.connectors.p21 import failures
from tieout.connectors.p21._face import (
    AccountRecord,
    DocumentRecord,
    ItemRecord,
    MadeInvoice,
    OpenReceivable,
    OrderProgress,
    OrderState,
    PeriodRecord,
)
from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.connectors.p21.gateway_bodies import amount_of, is_void, posted_lines
from tieout.connectors.p21.gateway_client import GatewayClient, Record
from tieout.connectors.p21.read_back import debits, require_read_back
from tieout.kernel.failures import Failed, Fix

COLLECTIONS = {
    "sales_order": ("salesorders", "OrderNumber"),
    "invoice": ("invoices", "InvoiceNumber"),
    "ar_invoice": ("invoices", "InvoiceNumber"),
    "credit_memo": ("creditmemos", "CreditMemoNumber"),
    "cash_receipt": ("payments", "PaymentNumber"),
    "journal_entry": ("journalentries", "JournalNumber"),
}
ITEM_CHARACTERS_MAX = 40
TOTALS = {"cash_receipt": "PaymentAmount"}


def chart_of_accounts(client: GatewayClient) -> Mapping[str, AccountRecord]:
    """Every account by its number."""
    named = client.names.field
    found = (
        AccountRecord(
            text_of(record.get(named("Account"))),
            text_of(record.get(named("Description"))),
            text_of(record.get(named("AccountType"))),
            text_of(record.get(named("Branch"))),
            record.get(named("Active")) is not False,
        )
        for record in client.listed("accounts")
    )
    return {one.account_no: one for one in found}


def item(client: GatewayClient, item_id: str) -> ItemRecord | None:
    """The item with its selling units; without them where the gateway has no such collection."""
    if len(item_id) > ITEM_CHARACTERS_MAX or any(ord(c) < 32 for c in item_id):
        return None
    named = client.names.field
    try:
        records = client.listed("items", number=item_id)
    except Failed as error:
        if error.failure.code != "p21.gateway_names":
            raise
        return ItemRecord(item_id, "", "")
    found = next((one for one in records if text_of(one.get(named("ItemId"))).casefold() == item_id.casefold()), None)
    if found is None:
        return None
    units = found.get(named("Units"))
    return ItemRecord(
        text_of(found.get(named("ItemId"))),
        text_of(found.get(named("Description"))),
        text_of(found.get(named("UnitOfMeasure"))),
        active=found.get(named("Active")) is not False,
        units=tuple(text_of(unit) for unit in units) if isinstance(units, list) else (),
    )


def periods(client: GatewayClient) -> tuple[PeriodRecord, ...]:
    """Every period, oldest first."""
    try:
        found = [_period(client.names.field, record) for record in client.listed("periods")]
    except ValueError as error:
        raise failures.unreadable("the periods", str(error)) from error
    return tuple(sorted(found, key=lambda one: (one.year, one.period)))


def progress(client: GatewayClient, order_no: str) -> OrderProgress | None:
    """The order, and those invoices of its customer that name it."""
    named = client.names.field
    order = client.one("salesorders", order_no)
    if order is None:
        return None
    customer = text_of(order.get(named("CustomerNumber")))
    listed = client.listed("invoices", customer=customer) if customer else []
    billed = [
        one
        for one in listed
        if text_of(one.get(named("OrderNumber"))) == order_no and not is_void(client.settings, one)
    ]
    try:
        total = amount_of(order, named("TotalAmount"))
        invoiced = sum((amount_of(one, named("TotalAmount")) for one in billed), Decimal(0))
    except ValueError as error:
        raise failures.unreadable(f"order {order_no}", str(error)) from error
    void = is_void(client.settings, order)
    numbers = tuple(text_of(one.get(named("InvoiceNumber"))) for one in billed)
    return OrderProgress(order_no, Decimal(0) if void else total, invoiced, numbers, void)


def order_states(client: GatewayClient, order_nos: Sequence[str]) -> Mapping[str, OrderState]:
    """How each of these orders stands, asked one by one; one that the gateway does not have is left out."""
    found = {key: client.one("salesorders", key) for key in dict.fromkeys(order_nos)}
    flag = client.names.field("Approved")
    return {
        key: OrderState(record.get(flag) is True, is_void(client.settings, record))
        for key, record in found.items()
        if record is not None
    }


def documents(client: GatewayClient, entity: str, keys: Sequence[str]) -> Mapping[str, DocumentRecord]:
    """One call for each key: the gateway has no question for several. Failed(Fix) for what it does not keep by itself."""
    require_read_back(entity)
    if entity not in COLLECTIONS:
        sentence = (
            f"The gateway keeps no {entity.replace('_', ' ')} by itself, so none can be read back. Compare it in P21."
        )
        raise Failed(Fix("p21.not_read_back", sentence, field="entity", value=entity))
    collection, number = COLLECTIONS[entity]
    found = {}
    for key in dict.fromkeys(key for key in keys if key):
        record = client.one(collection, key)
        if record is not None:
            found[key] = _document(client, entity, number, record)
    return found


def open_receivables(client: GatewayClient) -> Iterator[OpenReceivable]:
    """Open invoices, then open credit memos with negative amounts; the gateway must know the filter ``open``."""
    for collection, number, date, sign in (
        ("invoices", "InvoiceNumber", "InvoiceDate", 1),
        ("creditmemos", "CreditMemoNumber", "Date", -1),
    ):
        for page in client.pages(collection, open="true"):
            for record in page:
                yield _open(client, record, number, date, sign)


def invoices_of(client: GatewayClient, orders: Mapping[str, str]) -> Iterator[MadeInvoice]:
    """Invoices that carry the order's reference: the gateway has no question for the order's number."""
    named = client.names.field
    for order_no, reference in orders.items():
        for record in client.listed("invoices", reference=reference):
            if text_of(record.get(named("OrderNumber"))) == order_no and not is_void(client.settings, record):
                yield _made(client, record, order_no)


def _made(client: GatewayClient, record: Record, order_no: str) -> MadeInvoice:
    named = client.names.field
    try:
        total, tax, freight = (amount_of(record, named(name)) for name in ("TotalAmount", "Tax", "Freight"))
    except ValueError as error:
        raise failures.unreadable("the invoices of orders", str(error)) from error
    return MadeInvoice(
        text_of(record.get(named("InvoiceNumber"))),
        order_no,
        text_of(record.get(named("CustomerNumber"))),
        text_of(record.get(named("InvoiceDate")))[:10],
        total,
        tax,
        freight,
        text_of(record.get(named("Currency"))).lower(),
    )


def _document(client: GatewayClient, entity: str, number: str, record: Record) -> DocumentRecord:
    named = client.names.field
    try:
        lines = posted_lines(client.settings, record) if entity == "journal_entry" else ()
        total = amount_of(record, named(TOTALS.get(entity, "TotalAmount")))
        amount = debits(lines) if entity == "journal_entry" else total
        tax = None if record.get(named("Tax")) is None else amount_of(record, named("Tax"))
    except ValueError as error:
        raise failures.unreadable(f"the read-back of {entity}", str(error)) from error
    return DocumentRecord(
        entity,
        text_of(record.get(named(number))),
        text_of(record.get(named("Reference" if entity == "cash_receipt" else "ExternalReference"))),
        amount,
        text_of(record.get(named("Currency"))).lower(),
        is_void(client.settings, record),
        text_of(record.get(named("CustomerNumber"))),
        lines,
        tax,
    )


def _open(client: GatewayClient, record: Record, number: str, date: str, sign: int) -> OpenReceivable:
    named = client.names.field
    try:
        total, left = amount_of(record, named("TotalAmount")), amount_of(record, named("Balance"))
    except ValueError as error:
        raise failures.unreadable("the open receivables", str(error)) from error
    invoiced = text_of(record.get(named(date)))[:10]
    return OpenReceivable(
        text_of(record.get(named(number))),
        text_of(record.get(named("CustomerNumber"))),
        text_of(record.get(named("CustomerName"))),
        invoiced,
        text_of(record.get(named("DueDate")))[:10] or invoiced,
        sign * total,
        sign * left,
        text_of(record.get(named("Currency"))).lower(),
        text_of(record.get(named("OrderNumber"))),
    )


def _period(named: Callable[[str], str], record: Record) -> PeriodRecord:
    return PeriodRecord(
        int(decimal_of(record.get(named("Period")), "Period")),
        int(decimal_of(record.get(named("Year")), "Year")),
        text_of(record.get(named("Begins")))[:10],
        text_of(record.get(named("Ends")))[:10],
        record.get(named("Closed")) is True,
    )
