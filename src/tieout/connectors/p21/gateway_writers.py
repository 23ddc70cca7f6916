"""Writers to the gateway: find by external reference, post once, read the error body (M16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21 import failures
from tieout.connectors.p21.amounts import amount_differences
from tieout.connectors.p21.answers import json_of, said, text_of
from tieout.connectors.p21.comparing import amount, differences, shown_of_tax
from tieout.connectors.p21.customers import other_currency
from tieout.connectors.p21.documents import number, require_fit, text, unmapped_currency
from tieout.connectors.p21.gateway_bodies import amount_of, is_void, posted_lines, seen_by_amount, seen_order
from tieout.connectors.p21.gateway_client import GatewayClient, Record
from tieout.connectors.p21.invoices import INVOICED
from tieout.connectors.p21.orders import APPROVED
from tieout.connectors.p21.postings import journal_differences
from tieout.connectors.p21.receipts import not_with_order
from tieout.connectors.p21.refusals import OTHER, doubtful, refusal, rejected
from tieout.connectors.p21.sending import before_sending, sent_once
from tieout.connectors.p21.settings import P21Settings
from tieout.connectors.p21.writers import same_reference
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, Rejected, Sent
from tieout.kernel.failures import Failed, Fix

REFUSED = (400, 404, 405, 422)  # not 409: the record in the way may be our own earlier copy (reliability §2.2)
Body = Callable[[P21Settings, str, Document], Mapping[str, Any]]
Compare = Callable[[GatewayClient, Record, Document], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One collection: what its number is called there and here, how a document is written and compared."""

    entity: str
    collection: str
    number: str
    key: str
    body: Body
    compare: Compare
    also_shown: tuple[tuple[str, str], ...] = ()


class GatewayWriter:
    """Writes one kind of document."""

    def __init__(self, client: GatewayClient, kind: Kind) -> None:
        self._client, self._kind = client, kind

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        """All documents with that external reference; Failed when the answer is in any doubt."""
        records = self._client.listed(self._kind.collection, reference=reference)
        name = self._client.names.field("ExternalReference")
        for record in records:
            if not same_reference(record.get(name), reference):
                words = f"asked for {name} {reference}, got {text_of(record.get(name))!r}"
                raise failures.unreadable(f"the look-up of {self._kind.entity}", words)
        try:
            return tuple(self._found(record, document) for record in records)
        except ValueError as error:
            raise failures.unreadable(f"the look-up of {self._kind.entity}", str(error)) from error

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        """The document of that number."""
        record = self._client.one(self._kind.collection, key)
        try:
            return () if record is None else (self._found(record, document),)
        except ValueError as error:
            raise failures.unreadable(f"the look-up of {self._kind.entity}", str(error)) from error

    def send(self, reference: str, document: Document) -> Sent:
        """Write it once; never raises for what the gateway did."""
        client, settings = self._client, self._client.settings
        try:
            require_fit(self._kind.entity, document, settings)
            require_payable(client, self._kind, document)
            body = self._kind.body(settings, reference, document)
        except Failed as error:
            return before_sending(error)
        path = client.names.path(self._kind.collection)
        return sent_once(
            client.host, lambda: client.write("POST", path, body), lambda reply: self._meaning(reply, document)
        )

    def _meaning(self, reply: Reply, document: Document) -> Sent:
        return meaning(self._client, self._kind, reply, document)

    def _found(self, record: Record, document: Document) -> Found:
        key = text_of(record.get(self._client.names.field(self._kind.number)))
        if not key:
            raise ValueError(f"a record without {self._kind.number}")
        differing = tuple(self._kind.compare(self._client, record, document))
        void = is_void(self._client.settings, record)
        note = "" if void else self._released(record)
        told = shown(self._client, self._kind, record) | self._tax(record, document)
        return Found(key, differing, told, void, note)

    def _tax(self, record: Record, document: Document) -> dict[str, str]:
        if self._kind.entity not in ("sales_order", "invoice"):
            return {}
        return shown_of_tax(document, seen_order(self._client.settings, record))

    def _released(self, record: Record) -> str:
        """What a person must know at once of an order or invoice that differs."""
        if self._kind.entity == "invoice":
            return INVOICED
        approved = self._kind.entity == "sales_order" and record.get(self._client.names.field("Approved")) is not False
        return APPROVED if approved else ""


class TakenWithOrder:
    """The receipt of a payment that travelled with its order or invoice: looked up there, never sent."""

    def __init__(self, client: GatewayClient) -> None:
        self._client = client

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        """The payment of the document's order or invoice, if it carries the reference."""
        named = self._client.names.field
        record = self._paid(document)
        payment = record.get(named("Payment")) if record else None
        if not isinstance(payment, dict) or not same_reference(payment.get(named("Reference")), reference):
            payment = self._left(reference)
        if payment is None:
            return ()
        key = text_of(payment.get(named("PaymentNumber")))
        try:
            kept, meant = amount_of(payment, named("PaymentAmount")), number(document, "amount")
        except ValueError as error:
            raise failures.unreadable("the payment of an order", str(error)) from error
        differing = () if kept == meant else (f"its amount is {amount(kept)} instead of {amount(meant)}",)
        return (Found(key, differing, {"payment_number": key}),)

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        """None: it is found by its reference alone."""
        return ()

    def send(self, reference: str, document: Document) -> Sent:
        """Always rejected: a payment that is not with its order must be entered there by a person."""
        return Rejected(not_with_order(reference, text(document, "order_no") or text(document, "invoice_no")))

    def _left(self, reference: str) -> Record | None:
        """A payment that stands with an order which was cancelled, or is gone, is the one of the order that replaces it."""
        named = self._client.names.field
        for payment in payments_of(self._client, reference):
            order_no = text_of(payment.get(named("OrderNumber")))
            order = self._client.one("salesorders", order_no) if order_no else None
            if order is None or is_void(self._client.settings, order):
                return payment
        return None

    def _paid(self, document: Document) -> Record | None:
        if text(document, "invoice_no"):
            return self._client.one("invoices", text(document, "invoice_no"))
        if text(document, "order_no"):
            return self._client.one("salesorders", text(document, "order_no"))
        sentence = (
            "The gateway keeps payments with their orders. Feed order_no or invoice_no in the workflow, then replay."
        )
        raise Failed(Fix("p21.receipt_without_order", sentence, field="order_no"))


def payments_of(client: GatewayClient, reference: str) -> list[Record]:
    """The payments with that reference that count; none where the gateway does not list payments."""
    try:
        found = client.listed("payments", reference=reference)
    except Failed as error:
        if isinstance(error.failure, Fix):
            return []
        raise
    name = client.names.field("Reference")
    return [one for one in found if same_reference(one.get(name), reference) and not is_void(client.settings, one)]


def meaning(client: GatewayClient, kind: Kind, reply: Reply, document: Document) -> Sent:
    """Confirmed with the number that came back; rejected only where an error body says no; else nobody knows."""
    if reply.status not in (200, 201):
        return _refused(client, kind, reply, document)
    try:
        record = json_of(reply)
    except ValueError:
        return Indeterminate(said(reply))
    key = text_of(record.get(client.names.field(kind.number))) if isinstance(record, dict) else ""
    return Confirmed(key, shown(client, kind, record)) if key else Indeterminate(said(reply))


def shown(client: GatewayClient, kind: Kind, record: Record) -> dict[str, str]:
    """The numbers of a record that a person wants to see."""
    names = ((kind.key, kind.number), *kind.also_shown)
    found = {ours: text_of(record.get(client.names.field(theirs))) for ours, theirs in names}
    return {ours: value for ours, value in found.items() if value}


def require_payable(client: GatewayClient, kind: Kind, document: Document) -> None:
    """Failed(Fix) when the customer is missing or kept in another currency, or the currency is not mapped."""
    currency = text(document, "currency")
    if currency and client.settings.currency_id(currency) is None:
        raise Failed(unmapped_currency(currency))
    customer_id = text(document, "customer_id")
    if not customer_id or kind.entity == "customer":
        return
    customer = client.one("customers", customer_id)
    if customer is None:
        sentence = f"Customer {customer_id} does not exist in P21. Correct the customer number, then replay."
        raise Failed(Fix("p21.customer_missing", sentence, field="customer_id", value=customer_id))
    kept = text_of(customer.get(client.names.field("Currency"))).lower()
    if kept and currency and kept != currency.lower():
        raise Failed(other_currency(customer_id, kept, currency))


def order_differences(client: GatewayClient, record: Record, document: Document) -> Iterator[str]:
    """Lines, prices, tax and total of an order or invoice."""
    yield from differences(document, seen_order(client.settings, record))


def customer_differences(client: GatewayClient, record: Record, document: Document) -> Iterator[str]:
    """Name, e-mail, currency, and whether it is still active."""
    named = client.names.field
    if record.get(named("Active")) is False:
        yield "it is inactive in P21"
    for name, title, field in (("CustomerName", "name", "name"), ("Email", "e-mail address", "email")):
        kept, wanted = text_of(record.get(named(name))), text(document, field)
        if kept.casefold() != wanted.casefold():
            yield f"its {title} is {kept!r} instead of {wanted!r}"
    kept, wanted = text_of(record.get(named("Currency"))).upper(), text(document, "currency").upper()
    if kept != wanted:
        yield f"it is kept in currency {kept} instead of {wanted}"


def by_amount_differences(client: GatewayClient, record: Record, document: Document) -> Iterator[str]:
    """Customer, credited invoice, lines, tax, freight and total."""
    yield from amount_differences(document, seen_by_amount(client.settings, record))


def entry_differences(client: GatewayClient, record: Record, document: Document) -> Iterator[str]:
    """Date, period and every posting."""
    named = client.names.field
    if is_void(client.settings, record):
        yield "it is voided in P21"
        return
    period = text_of(record.get(named("Period"))), text_of(record.get(named("Year")))
    lines = posted_lines(client.settings, record)
    yield from journal_differences(document, text_of(record.get(named("Date"))), period, lines)


def _refused(client: GatewayClient, kind: Kind, reply: Reply, document: Document) -> Sent:
    code, message, field = client.complaint(reply)
    if reply.status not in REFUSED or not (code or message) or doubtful(message):
        return Indeterminate(said(reply))
    refused = rejected(kind.entity, message or code, refusal(message) or OTHER, document, said(reply))
    failure = refused.failure
    return refused if failure.field else Rejected(Fix(failure.code, failure.sentence, failure.detail, field=field))
