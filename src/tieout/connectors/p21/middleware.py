"""Prophet 21 as it really is: REST families, the read service and the Transaction API behind one face."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import httpx2

from tieout.connectors._connector import Capability, Finding, Probe
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
from tieout.connectors.p21.approvals import (
    CHOOSE,
    RestApproval,
    WindowApproval,
    approving,
)
from tieout.connectors.p21.approvals import (
    WINDOW_FIELDS as APPROVAL_FIELDS,
)
from tieout.connectors.p21.by_amount import INVOICES, MEMOS, AmountInvoiceWriter
from tieout.connectors.p21.customers import Customers
from tieout.connectors.p21.entities import entity_named
from tieout.connectors.p21.entity_api import AddressWriter, ContactWriter, CustomerWriter
from tieout.connectors.p21.invoices import InvoiceWriter
from tieout.connectors.p21.items import find_item
from tieout.connectors.p21.journals import JournalWriter
from tieout.connectors.p21.ledger_reads import chart_of_accounts, lacks_journal, periods
from tieout.connectors.p21.odata import OData
from tieout.connectors.p21.order_dialect import OrderDialect, read_dialect
from tieout.connectors.p21.order_records import OrderRecords
from tieout.connectors.p21.orders import PAYMENT_FIELDS, REMITTANCES, WINDOW_FIELDS, RestOrderWriter, WindowOrderWriter
from tieout.connectors.p21.probing import probe_middleware
from tieout.connectors.p21.read_back import ReadBack
from tieout.connectors.p21.receipts import (
    RECEIPTS,
    OrderReceiptWriter,
    PaymentReader,
    RefundWriter,
    WindowReceiptWriter,
)
from tieout.connectors.p21.returns import NO_RETURN_WINDOW, SERVICE, CreditMemoWriter, ReturnWriter, return_fields
from tieout.connectors.p21.session import Session
from tieout.connectors.p21.settings import P21Settings
from tieout.connectors.p21.window_use import lacks
from tieout.connectors.p21.windows import Windows
from tieout.connectors.p21.writers import Middleware
from tieout.domain.writing import Document, Writer
from tieout.kernel.clock import Clock
from tieout.kernel.failures import Failed, Fix

WRITTEN = (
    "address",
    "contact",
    "customer",
    "sales_order",
    "invoice",
    "ar_invoice",
    "cash_receipt",
    "credit_memo",
    "refund_payment",
    "journal_entry",
)
CUSTOMER_PARTS = ("address", "contact", "customer")
NO_ORDER_WINDOW = (
    "Grant the Order window to the API user in P21, or set orders_by to rest (receipts_by is then window or off)."
)


@dataclass(slots=True)
class MiddlewareP21:
    """One company of a P21 behind its middleware; safe for several threads."""

    p21: Middleware
    windows: Windows
    _dialect: OrderDialect | None
    _lock: threading.Lock
    _journals: set[str] = field(default_factory=set)

    @classmethod
    def opened(
        cls,
        settings: P21Settings,
        secrets: Mapping[str, str],
        transport: httpx2.BaseTransport | None,
        clock: Clock,
    ) -> MiddlewareP21:
        """Nothing is called yet."""
        session = Session(settings, secrets, transport, clock)
        return cls(Middleware(session, OData(session), settings), Windows(session), None, threading.Lock())

    def probe(self) -> Probe:
        """Harmless calls that say what works, what was found and which capability is off."""
        self.windows.forget()
        with self._lock:
            self._dialect = None
            self._journals.clear()
        found = probe_middleware(self.p21, self.windows, self.capability, WRITTEN)
        return replace(found, findings=(*found.findings, self._approving())) if found.works else found

    def capability(self, entity: str) -> Capability:
        """Whether records of that entity can be written here, and if not, why. Failed when P21 cannot be asked now."""
        title = entity_named(entity).title
        reason = self.p21.lost.get(entity, "") or self._reason(entity)
        alone = entity != "cash_receipt" or self.p21.settings.receipts_by != "order"
        return Capability(entity, title, not reason, reason, alone)

    def customer(self, customer_id: str) -> CustomerRecord | None:
        """The customer with that number, or None."""
        return Customers(self.p21.odata, self.p21.settings).customer(customer_id)

    def customers_by_email(self, email: str) -> tuple[CustomerRecord, ...]:
        """Every active customer one of whose contacts or addresses has exactly that e-mail address (any case)."""
        return Customers(self.p21.odata, self.p21.settings).by_email(email)

    def item(self, item_id: str) -> ItemRecord | None:
        """The item with that id, or None."""
        return find_item(self.p21.odata, item_id)

    def parts(self, entity: str) -> tuple[str, ...]:
        """The records that must be written, in order, to create one ``entity``."""
        entity_named(entity)
        return CUSTOMER_PARTS if entity == "customer" else (entity,)

    def writer(self, entity: str) -> Writer:
        """The writer for one part. Failed when the capability is off."""
        capability = self.capability(entity)
        if not capability.on:
            raise Failed(off(capability))
        return self._writers()[entity]()

    def approval(self, entity: str, document: Document) -> Writer | None:
        """The write that approves an order after it was compared; None where nothing is to be approved."""
        settings = self.p21.settings
        if entity != "sales_order" or not settings.approves_later(document.get("approved")):
            return None
        by_window = settings.orders_by == "transaction"
        return WindowApproval(self.p21) if by_window else RestApproval(self.p21, self._orders())

    def progress(self, order_no: str) -> OrderProgress | None:
        """What has become of the order of that number; None when there is none."""
        return OrderRecords(self.p21.odata, self.p21.settings.company_id).progress(order_no)

    def standing_payment(self, reference: str) -> str:
        """The number of a payment with that reference that still counts, or an empty text."""
        return PaymentReader(self.p21).standing(reference)

    def order_states(self, order_nos: Sequence[str]) -> Mapping[str, OrderState]:
        """How each of these orders stands, by number; one that P21 does not have is left out."""
        return ReadBack(self.p21).order_states(order_nos)

    def chart_of_accounts(self) -> Mapping[str, AccountRecord]:
        """Every account of this company, deleted ones too, by its number."""
        return chart_of_accounts(self.p21.odata, self.p21.settings.company_id)

    def periods(self) -> tuple[PeriodRecord, ...]:
        """Every period of this company, oldest first."""
        return periods(self.p21.odata, self.p21.settings.company_id)

    def documents(self, entity: str, keys: Sequence[str]) -> Mapping[str, DocumentRecord]:
        """What P21 keeps under those numbers; what is not there is left out."""
        return ReadBack(self.p21).documents(entity, keys)

    def open_receivables(self) -> Iterator[OpenReceivable]:
        """Every open invoice and open credit of this company, page by page."""
        return ReadBack(self.p21).open_receivables()

    def holds_on_orders(self) -> bool:
        """Whether payments come with their orders."""
        return self.p21.settings.receipts_by == "order"

    def invoices_of(self, orders: Mapping[str, str]) -> Iterator[MadeInvoice]:
        """What P21 has invoiced of these orders, many in one question."""
        return ReadBack(self.p21).invoices_of(orders)

    def _writers(self) -> Mapping[str, Callable[[], Writer]]:
        settings, p21 = self.p21.settings, self.p21
        by_window = settings.orders_by == "transaction"
        return {
            "address": lambda: AddressWriter(p21),
            "contact": lambda: ContactWriter(p21),
            "customer": lambda: CustomerWriter(p21),
            "sales_order": lambda: WindowOrderWriter(p21) if by_window else RestOrderWriter(p21, self._orders()),
            "invoice": lambda: InvoiceWriter(p21, self._orders()),
            "journal_entry": lambda: JournalWriter(p21),
            "ar_invoice": lambda: AmountInvoiceWriter(p21),
            "credit_memo": lambda: CreditMemoWriter(p21, self._returns),
            "refund_payment": lambda: RefundWriter(p21),
            "cash_receipt": lambda: (
                OrderReceiptWriter(p21) if settings.receipts_by == "order" else WindowReceiptWriter(p21)
            ),
        }

    def _reason(self, entity: str) -> str:
        settings = self.p21.settings
        if entity == "sales_order":
            return self._order_window() if settings.orders_by == "transaction" else self._rest_orders()
        if entity == "invoice":
            if settings.receipts_by == "order":
                return "A direct invoice is written through REST, which carries no payment; set receipts_by to window."
            return self._rest("create_invoice", settings.reference_fields.invoice)
        if entity == "cash_receipt":
            return self._receipts()
        asked = {
            "ar_invoice": lambda: lacks(self.windows, settings.invoice_window, INVOICES),
            "credit_memo": lambda: lacks(self.windows, settings.memo_window, MEMOS),
            "refund_payment": self._refunds,
            "journal_entry": self._journal,
        }
        if entity in asked:
            return asked[entity]()
        return "" if entity in WRITTEN else "Tieout reads this kind of record and never writes it."

    def _journal(self) -> str:
        """Asked for once: a journal is hardly ever deleted, and every posting would ask."""
        journal_id = self.p21.settings.journal_id
        if journal_id not in self._journals:
            reason = lacks_journal(self.p21.odata, journal_id)
            if reason:
                return reason
            self._journals.add(journal_id)
        return ""

    def _rest(self, *needed: str) -> str:
        return self._orders().lacks(*needed)

    def _orders(self) -> OrderDialect:
        with self._lock:
            if self._dialect is None:
                self._dialect = read_dialect(self.p21.session)
            return self._dialect

    def _approving(self) -> Finding:
        """How orders are approved here; the choice is asked for where only the approval is missing."""
        lacking = self._no_approval()
        missing = lacking if CHOOSE in self.capability("sales_order").reason else ""
        return approving(self.p21.settings.how_released, missing)

    def _rest_orders(self) -> str:
        settings = self.p21.settings
        return self._rest(settings.order_reference) or self._no_approval()

    def _no_approval(self) -> str:
        """Why an order cannot be approved by a write of its own; empty where that is not wanted or was validated."""
        settings = self.p21.settings
        if settings.release_orders != "after_compare":
            return ""
        by_window = settings.orders_by == "transaction"
        lacking = (
            self.windows.lacks("Order", APPROVAL_FIELDS, (), remedy=NO_ORDER_WINDOW)
            if by_window
            else self._rest("order_no", "approved")
        )
        return f"{lacking} {CHOOSE}" if lacking else ""

    def _order_window(self) -> str:
        settings = self.p21.settings
        needed = {**WINDOW_FIELDS}
        needed["TABPAGE_1.order"] = (*needed["TABPAGE_1.order"], settings.order_reference)
        if settings.receipts_by == "order":
            needed[REMITTANCES] = PAYMENT_FIELDS
        return self.windows.lacks("Order", needed, ("order_no",), remedy=NO_ORDER_WINDOW) or self._no_approval()

    def _receipts(self) -> str:
        settings = self.p21.settings
        if settings.receipts_by == "off":
            return "Cash receipts are off in this connection (receipts_by = off); set it to window or order."
        if settings.receipts_by == "order":
            return ""
        return lacks(self.windows, settings.receipt_window, RECEIPTS)

    def _refunds(self) -> str:
        if self.p21.settings.refunds_by == "off":
            return (
                "Refund payments are off in this connection (refunds_by = off); the ledger posts them as journals. Set it "
                "to window."
            )
        return lacks(self.windows, self.p21.settings.receipt_window, RECEIPTS)

    def _returns(self) -> str:
        needed = return_fields(ReturnWriter(self.p21).column, self.p21.settings.rma_invoice_field)
        return self.windows.lacks(SERVICE, needed, remedy=NO_RETURN_WINDOW)


def off(capability: Capability) -> Fix:
    """The capability is off: its reason says what to change."""
    sentence = f"{capability.title} cannot be written to P21. {capability.reason}"
    return Fix("p21.capability_off", sentence, field="entity", value=capability.name)
