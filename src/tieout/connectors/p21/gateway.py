"""Prophet 21 behind a REST gateway: the same face, other paths (M16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import httpx2

from tieout.connectors._connector import Capability, Finding, Probe
from tieout.connectors.p21 import gateway_reads
from tieout.connectors.p21._face import (
    AccountRecord,
    CustomerRecord,
    DocumentRecord,
    ItemRecord,
    MadeInvoice,
    OpenReceivable,
    OrderProgress,
    OrderState,
    PeriodRecord,
)
from tieout.connectors.p21.answers import text_of
from tieout.connectors.p21.approvals import CHOOSE, approving
from tieout.connectors.p21.documents import require_fit
from tieout.connectors.p21.entities import entity_named
from tieout.connectors.p21.gateway_approval import NOBODY, GatewayApproval, can_approve
from tieout.connectors.p21.gateway_bodies import (
    credit_memo_body,
    customer_body,
    invoice_body,
    invoice_by_amount_body,
    journal_body,
    order_body,
)
from tieout.connectors.p21.gateway_client import GatewayClient, Record
from tieout.connectors.p21.gateway_writers import (
    GatewayWriter,
    Kind,
    TakenWithOrder,
    by_amount_differences,
    customer_differences,
    entry_differences,
    meaning,
    order_differences,
    payments_of,
)
from tieout.connectors.p21.middleware import off
from tieout.connectors.p21.sending import before_sending, sent_once
from tieout.connectors.p21.settings import P21Settings
from tieout.domain.writing import Document, Sent, Writer
from tieout.kernel.failures import Failed, Fix

KINDS = {
    one.entity: one
    for one in (
        Kind("customer", "customers", "CustomerNumber", "customer_id", customer_body, customer_differences),
        Kind("sales_order", "salesorders", "OrderNumber", "order_no", order_body, order_differences),
        Kind(
            "invoice",
            "invoices",
            "InvoiceNumber",
            "invoice_no",
            invoice_body,
            order_differences,
            (("order_no", "OrderNumber"),),
        ),
        Kind(
            "ar_invoice",
            "invoices",
            "InvoiceNumber",
            "invoice_no",
            invoice_by_amount_body,
            by_amount_differences,
        ),
        Kind(
            "credit_memo",
            "creditmemos",
            "CreditMemoNumber",
            "credit_memo_no",
            credit_memo_body,
            by_amount_differences,
        ),
        Kind(
            "journal_entry",
            "journalentries",
            "JournalNumber",
            "entry_no",
            journal_body,
            entry_differences,
        ),
    )
}
PROBED = (
    "customer",
    "sales_order",
    "invoice",
    "ar_invoice",
    "cash_receipt",
    "credit_memo",
    "refund_payment",
    "journal_entry",
)
NO_REFUNDS = "The gateway takes no payments back; the ledger posts the cash side of a refund as a journal entry."
NO_APPROVAL = f"The gateway changes no orders (PUT {{path}}/{{{{number}}}}). {CHOOSE}"


@dataclass(frozen=True, slots=True)
class GatewayP21:
    """One company of a P21 behind a gateway; safe for several threads."""

    client: GatewayClient
    _proven: set[str] = field(default_factory=set)

    @classmethod
    def opened(
        cls, settings: P21Settings, secrets: Mapping[str, str], transport: httpx2.BaseTransport | None
    ) -> GatewayP21:
        """Nothing is called yet."""
        return cls(GatewayClient(settings, secrets, transport))

    def probe(self) -> Probe:
        """List each collection by a reference that nothing has; says which one is not there."""
        findings = tuple(self._readable(collection) for collection in self._collections())
        findings += (self._listable("accounts"), self._listable("periods"), self._approving())
        return Probe(findings, tuple(self.capability(name) for name in PROBED))

    def capability(self, entity: str) -> Capability:
        """Whether records of that entity can be written here, and if not, why."""
        title = entity_named(entity).title
        reason = self._reason(entity)
        alone = entity != "cash_receipt" or self.client.settings.receipts_by != "order"
        return Capability(entity, title, not reason, reason, alone)

    def customer(self, customer_id: str) -> CustomerRecord | None:
        """The customer with that number, or None."""
        wanted = customer_id.strip()
        record = self.client.one("customers", wanted) if wanted else None
        return self._customer(record) if record is not None else None

    def customers_by_email(self, email: str) -> tuple[CustomerRecord, ...]:
        """Every active customer with exactly that e-mail address (any case), its own or a contact's."""
        wanted = email.strip()
        if not wanted:
            return ()
        found = [self._customer(record) for record in self.client.listed("customers", email=wanted)]
        kept = [one for one in found if one.active and wanted.casefold() in {mail.casefold() for mail in one.emails}]
        return tuple({one.customer_id: one for one in kept}.values())

    def item(self, item_id: str) -> ItemRecord | None:
        """The item where the gateway lists items; where it does not, P21 itself checks it when the order is written."""
        wanted = item_id.strip()
        return gateway_reads.item(self.client, wanted) if wanted else None

    def parts(self, entity: str) -> tuple[str, ...]:
        """The gateway writes everything at once."""
        return (entity,)

    def writer(self, entity: str) -> Writer:
        """The writer for one kind. Failed when the capability is off."""
        capability = self.capability(entity)
        if not capability.on:
            raise Failed(off(capability))
        return TakenWithOrder(self.client) if entity == "cash_receipt" else GatewayWriter(self.client, KINDS[entity])

    def approval(self, entity: str, document: Document) -> Writer | None:
        """The write that approves an order after it was compared; None where nothing is to be approved."""
        later = self.client.settings.approves_later(document.get("approved"))
        return GatewayApproval(self.client) if entity == "sales_order" and later else None

    def progress(self, order_no: str) -> OrderProgress | None:
        """What has become of the order of that number; None when there is none."""
        return gateway_reads.progress(self.client, order_no)

    def standing_payment(self, reference: str) -> str:
        """The number of a payment with that reference that still counts, or an empty text."""
        found = payments_of(self.client, reference)
        return text_of(found[0].get(self.client.names.field("PaymentNumber"))) if found else ""

    def order_states(self, order_nos: Sequence[str]) -> Mapping[str, OrderState]:
        """How each of these orders stands, asked one by one; one that the gateway does not have is left out."""
        return gateway_reads.order_states(self.client, order_nos)

    def chart_of_accounts(self) -> Mapping[str, AccountRecord]:
        """Every account of this company by its number."""
        return gateway_reads.chart_of_accounts(self.client)

    def periods(self) -> tuple[PeriodRecord, ...]:
        """Every period of this company, oldest first."""
        return gateway_reads.periods(self.client)

    def documents(self, entity: str, keys: Sequence[str]) -> Mapping[str, DocumentRecord]:
        """What P21 keeps under those numbers; what is not there is left out."""
        return gateway_reads.documents(self.client, entity, keys)

    def open_receivables(self) -> Iterator[OpenReceivable]:
        """Every open invoice and open credit of this company, page by page."""
        return gateway_reads.open_receivables(self.client)

    def holds_on_orders(self) -> bool:
        """Whether payments come with their orders."""
        return self.client.settings.receipts_by == "order"

    def invoices_of(self, orders: Mapping[str, str]) -> Iterator[MadeInvoice]:
        """What P21 has invoiced of these orders, one question for each."""
        return gateway_reads.invoices_of(self.client, orders)

    def update_customer(self, customer_id: str, reference: str, document: Document) -> Sent:
        """PUT a customer once: writing the same again changes nothing, so an open outcome may be sent again."""
        try:
            require_fit("customer", document, self.client.settings)
            body = customer_body(self.client.settings, reference, document)
        except Failed as error:
            return before_sending(error)
        path = self.client.path_of("customers", customer_id)
        kind = KINDS["customer"]
        return sent_once(
            self.client.host,
            lambda: self.client.write("PUT", path, body),
            lambda reply: meaning(self.client, kind, reply, document),
        )

    def _reason(self, entity: str) -> str:
        if entity == "cash_receipt":
            taken = self.client.settings.receipts_by == "order"
            return "" if taken else "Cash receipts are off in this connection (receipts_by = off); set it to order."
        if entity == "refund_payment":
            return NO_REFUNDS
        if entity == "sales_order" and self.client.settings.release_orders == "after_compare":
            return self._cannot_approve()
        if entity in KINDS:
            return ""
        return "The gateway writes this only as part of another record, or not at all."

    def _approving(self) -> Finding:
        """How orders are approved here: the PUT is taken only where this proves it."""
        settings = self.client.settings
        try:
            lacking = self._cannot_approve() if settings.release_orders == "after_compare" else ""
        except Failed as error:
            return Finding("Approving orders", "", error.failure)
        return approving(settings.how_released, lacking)

    def _cannot_approve(self) -> str:
        """Asked for once it is there: a route that was proven is not taken away while we run."""
        if self._proven:
            return ""
        if not can_approve(self.client):
            return NO_APPROVAL.format(path=self.client.names.path("salesorders"))
        self._proven.add("salesorders")
        return ""

    def _collections(self) -> tuple[str, ...]:
        receipts = ("payments",) if self.client.settings.receipts_by == "order" else ()
        return tuple(dict.fromkeys((*(kind.collection for kind in KINDS.values()), *receipts)))

    def _listable(self, collection: str) -> Finding:
        """A collection that is only read as a whole: there must be something in it."""
        path = self.client.names.path(collection)
        try:
            first = next(self.client.pages(collection), [])
        except Failed as error:
            return Finding(path, "", error.failure)
        if first:
            return Finding(path, "answers")
        sentence = f"The gateway lists nothing at {path}. Set gateway.paths.{collection} to where it lists them."
        return Finding(path, "", Fix("p21.gateway_names", sentence, field=f"gateway.paths.{collection}"))

    def _readable(self, collection: str) -> Finding:
        path = self.client.names.path(collection)
        try:
            found = self.client.listed(collection, reference=NOBODY)
        except Failed as error:
            return Finding(path, "", error.failure)
        told = "answers" if not found else "answers, but does not filter by reference"
        return Finding(path, told, _not_filtered(self.client, path) if found else None)

    def _customer(self, record: Record) -> CustomerRecord:
        named = self.client.names.field
        return CustomerRecord(
            text_of(record.get(named("CustomerNumber"))),
            text_of(record.get(named("CustomerName"))),
            tuple(dict.fromkeys(_emails(record, named))),
            text_of(record.get(named("Currency"))).lower(),
            text_of(record.get(named("Terms"))),
            text_of(record.get(named("CreditStatus"))),
            record.get(named("Active")) is not False,
        )


def _emails(record: Record, named: Callable[[str], str]) -> Iterator[str]:
    if text_of(record.get(named("Email"))):
        yield text_of(record.get(named("Email")))
    contacts = record.get(named("Contacts"))
    for contact in contacts if isinstance(contacts, list) else ():
        if isinstance(contact, dict) and text_of(contact.get(named("Email"))):
            yield text_of(contact.get(named("Email")))


def _not_filtered(client: GatewayClient, path: str) -> Fix:
    sentence = (
        f"The gateway ignores {client.names.query('reference')} at {path}: it returned records for a reference that "
        "nothing has. Set gateway.queries.reference to the name of its filter."
    )
    return Fix("p21.gateway_filter", sentence, field="gateway.queries.reference")
