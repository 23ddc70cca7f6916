"""What Tieout asks of a Prophet 21, whichever dialect it speaks (M16). Amounts here are decimal texts: "12.50"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from tieout.connectors._connector import Capability, Probe
from tieout.domain.writing import Document, Writer

READ_BACK = (
    "sales_order",
    "invoice",
    "ar_invoice",
    "cash_receipt",
    "credit_memo",
    "refund_payment",
    "journal_entry",
)


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A P21 customer as far as matching and orders need it. ``emails`` are those of its contacts and addresses."""

    customer_id: str
    name: str
    emails: tuple[str, ...] = ()
    currency: str = ""
    terms: str = ""
    credit_status: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """A P21 item: what can stand on an order line. ``units`` are those it is sold in, empty where P21 does not tell."""

    item_id: str
    description: str
    unit_of_measure: str
    other_charge: bool = False
    active: bool = True
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account of the company's chart; ``kind`` is P21's own letter for its type."""

    account_no: str
    description: str
    kind: str
    branch_id: str
    active: bool


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """A fiscal period; ``begins`` and ``ends`` are days, YYYY-MM-DD, both inside."""

    period: int
    year: int
    begins: str
    ends: str
    closed: bool


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A posting as P21 keeps it: major units, debits positive; ``amount`` in the company's own currency."""

    account: str
    amount: Decimal
    foreign_amount: Decimal
    description: str


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as P21 keeps it now.

    ``amount`` is in major units and has the sign it has in our document: credit memos and refunds are positive, a journal
    entry's is the sum of its debits. ``currency`` is an ISO code in lower case, empty when P21 does not tell. Only a journal
    entry has ``lines``. ``tax`` is the tax in ``amount``, with its sign; None where the record has none or P21 does not tell.
    """

    entity: str
    key: str
    reference: str
    amount: Decimal
    currency: str
    void: bool
    customer_id: str = ""
    lines: tuple[LedgerLine, ...] = ()
    tax: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """What has become of an order: what its lines come to now, and what of it is invoiced; major units.

    ``void``: cancelled or deleted as a whole. Lines that were cancelled are not in ``total``.
    """

    order_no: str
    total: Decimal
    invoiced: Decimal
    invoices: tuple[str, ...]
    void: bool


@dataclass(frozen=True, slots=True)
class OrderState:
    """How an order stands. ``void``: cancelled or deleted as a whole."""

    approved: bool
    void: bool


@dataclass(frozen=True, slots=True)
class OpenReceivable:
    """An open invoice or, with negative amounts, an open credit; major units, days as YYYY-MM-DD.

    ``order_no`` is the order it is of, empty where there is none.
    """

    invoice_no: str
    customer_id: str
    customer_name: str
    invoice_date: str
    due_date: str
    total: Decimal
    open: Decimal
    currency: str
    order_no: str = ""


@dataclass(frozen=True, slots=True)
class MadeInvoice:
    """An invoice that P21 made of an order; major units, its day as YYYY-MM-DD, its currency an ISO code or empty."""

    invoice_no: str
    order_no: str
    customer_id: str
    day: str
    total: Decimal
    tax: Decimal
    freight: Decimal
    currency: str


class Prophet21(Protocol):
    """One company of one Prophet 21. Reads raise Failed; writes go through a Writer and never raise."""

    def probe(self) -> Probe:
        """Harmless calls that say what works, what was found and which capability is off."""
        ...

    def capability(self, entity: str) -> Capability:
        """Whether records of that entity can be written here, and if not, why."""
        ...

    def customer(self, customer_id: str) -> CustomerRecord | None:
        """The customer with that number, or None."""
        ...

    def customers_by_email(self, email: str) -> tuple[CustomerRecord, ...]:
        """Every customer that one of whose contacts or addresses has exactly that e-mail address (any case)."""
        ...

    def item(self, item_id: str) -> ItemRecord | None:
        """The item with that id, or None."""
        ...

    def parts(self, entity: str) -> tuple[str, ...]:
        """The records that must be written, in order, to create one ``entity``: each has a reference of its own.

        The middleware creates a customer as ("address", "contact", "customer"), the gateway as ("customer",). The key
        of a written part is put into the document of the later ones as ``address_id`` and ``contact_id``.
        """
        ...

    def writer(self, entity: str) -> Writer:
        """The writer for one part. Failed when the capability is off."""
        ...

    def approval(self, entity: str, document: Document) -> Writer | None:
        """The writer that approves a record which was entered unapproved and compared; None where nothing is to be approved.

        Its document is ``{"order_no"}``.
        """
        ...

    def progress(self, order_no: str) -> OrderProgress | None:
        """What has become of the order of that number; None when there is none."""
        ...

    def standing_payment(self, reference: str) -> str:
        """The number of a payment with that reference that still counts, or an empty text."""
        ...

    def order_states(self, order_nos: Sequence[str]) -> Mapping[str, OrderState]:
        """How each of these orders stands, by number; one that P21 does not have is left out."""
        ...

    def chart_of_accounts(self) -> Mapping[str, AccountRecord]:
        """Every account of this company, deleted ones too, by its number."""
        ...

    def periods(self) -> tuple[PeriodRecord, ...]:
        """Every period of this company, oldest first."""
        ...

    def documents(self, entity: str, keys: Sequence[str]) -> Mapping[str, DocumentRecord]:
        """What P21 keeps under those numbers, by number, in as few calls as can be; what is not there is left out.

        ``entity`` is one of READ_BACK; Failed(Fix) for any other.
        """
        ...

    def open_receivables(self) -> Iterator[OpenReceivable]:
        """Every open invoice and open credit of this company, page by page."""
        ...

    def holds_on_orders(self) -> bool:
        """Whether a payment comes with its order, and stays outside of receivables until the order is invoiced."""
        ...

    def invoices_of(self, orders: Mapping[str, str]) -> Iterator[MadeInvoice]:
        """What P21 has invoiced of these orders, paid or not; ``orders`` are our references by number."""
        ...
