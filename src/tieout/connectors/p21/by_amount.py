"""Credit memos and invoices by amount through the site's own windows, read back from OData (P21 facts §7.3, §7.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21.amounts import SeenAmount, SeenDocument, amount_differences, part, require_sum
from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.connectors.p21.comparing import ZERO, document_lines
from tieout.connectors.p21.customers import require_payable
from tieout.connectors.p21.documents import day, number, text, whole
from tieout.connectors.p21.filters import eq
from tieout.connectors.p21.ledger_reads import require_open_day
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.settings import Window
from tieout.connectors.p21.transaction_api import TRANSACTION, Element, Expected, classify, transaction_set
from tieout.connectors.p21.window_use import Use, renamed
from tieout.connectors.p21.writers import RecordWriter
from tieout.domain.writing import Document, Found, Sent

HEADER = (
    "invoice_no",
    "customer_id",
    "company_no",
    "external_reference_no",
    "invoice_reference_no",
    "tax_amount",
    "freight",
    "total_amount",
    "approved",
)
LINE = ("invoice_no", "line_no", "item_id", "extended_price", "gl_revenue_account_no")
MEMOS = Use(
    "memo_window",
    ("customer_id", "date", "invoice_no", "tax", "reference", "document_no"),
    ("amount",),
    ("memo", "credit"),
    "document_no",
    "No service here speaks of memos or credits; enter credit memos in P21 by hand.",
)
INVOICES = Use(
    "invoice_window",
    ("customer_id", "date", "tax", "freight", "reference", "document_no"),
    ("amount",),
    ("invoice",),
    "document_no",
    "No service here speaks of invoices; enter these invoices in P21 by hand.",
)


class ByAmountWriter(RecordWriter):
    """One row of invoice_hdr by amounts; a kind of document says its window, its sign and its header."""

    key_name = ""
    sign = 1

    @property
    def window(self) -> Window:
        """The window that writes it."""
        raise TypeError(f"{type(self).__name__} has no window")

    @property
    def column(self) -> str:
        """The column of invoice_hdr that carries the reference."""
        return self.p21.settings.reference_fields.document

    def header(self, document: Document) -> Mapping[str, str]:
        """What the header says beside customer, date, tax and reference."""
        raise TypeError(f"{type(self).__name__} has no header")

    def by_reference(self, reference: str, document: Document) -> list[Row]:
        """Every invoice or credit of the company with that reference."""
        where = eq(self.column, reference) & eq("company_no", self.p21.settings.company_id)
        return self.p21.odata.rows("table/invoice_hdr", where, HEADER, "invoice_no")

    def by_key(self, key: str) -> Row | None:
        """The invoice or credit of that number."""
        where = eq("invoice_no", key) & eq("company_no", self.p21.settings.company_id)
        return self.p21.odata.first("table/invoice_hdr", where, HEADER, "invoice_no")

    def found(self, row: Row, document: Document) -> Found:
        """The document with what differs, by amounts."""
        key, seen = text_of(row.get("invoice_no")), self._seen(row)
        return Found(key, tuple(amount_differences(document, seen)), {self.key_name: key}, seen.void)

    def path(self) -> str:
        """On the UI server."""
        return self.p21.session.ui_path() + TRANSACTION

    def body(self, reference: str, document: Document) -> Mapping[str, Any]:
        """One transaction set with one document."""
        require_sum(document)
        require_payable(self.p21, whole(document, "customer_id"), text(document, "currency"))
        require_open_day(self.p21, day(document, "date"))
        window = self.window
        header = {
            "customer_id": text(document, "customer_id"),
            "date": day(document, "date"),
            "tax": _shown(part(document, "tax")),
            "reference": reference,
            **self.header(document),
        }
        elements = [Element(window.header_element, [renamed(header, window.field_map)])]
        lines = [renamed(line, window.line_field_map) for line in _lines(document)]
        if lines:
            elements.append(Element(window.line_element, lines, "List"))
        return transaction_set(window.service, elements, window.use_code_values)

    def classified(self, reply: Reply, document: Document) -> Sent:
        """Confirmed when it passed and its number came back."""
        field = self.window.field_map["document_no"]
        return classify(reply, document, Expected(self.entity, field, {self.key_name: field}))

    def _seen(self, row: Row) -> SeenDocument:
        rows = self.p21.odata.rows(
            "table/invoice_line", eq("invoice_no", text_of(row.get("invoice_no"))), LINE, "line_no"
        )
        lines = (
            SeenAmount(
                text_of(one.get("item_id")),
                self._amount(one, "extended_price"),
                text_of(one.get("gl_revenue_account_no")),
            )
            for one in rows
        )
        return SeenDocument(
            text_of(row.get("customer_id")),
            text_of(row.get("invoice_reference_no")),
            tuple(lines),
            self._amount(row, "tax_amount"),
            self._amount(row, "freight"),
            self._amount(row, "total_amount"),
            text_of(row.get("approved")) == "N",
        )

    def _amount(self, row: Row, name: str) -> Decimal:
        value = row.get(name)
        return ZERO if value is None else self.sign * decimal_of(value, name)


class MemoWriter(ByAmountWriter):
    """A credit memo: money only."""

    entity, key_name, sign = "credit_memo", "credit_memo_no", -1

    @property
    def window(self) -> Window:
        """The memo window."""
        return self.p21.settings.memo_window

    def header(self, document: Document) -> Mapping[str, str]:
        """The credited invoice, its order, and why."""
        return {name: text(document, name) for name in ("invoice_no", "order_no", "reason")}


class AmountInvoiceWriter(ByAmountWriter):
    """An invoice without an order."""

    entity, key_name = "ar_invoice", "invoice_no"

    @property
    def window(self) -> Window:
        """The invoice window."""
        return self.p21.settings.invoice_window

    def header(self, document: Document) -> Mapping[str, str]:
        """When it is due, freight, and what the customer calls it."""
        given = {name: text(document, name) for name in ("po_no", "description")}
        return {**given, "due_date": day(document, "due_date"), "freight": _shown(part(document, "freight"))}


def _lines(document: Document) -> Iterator[dict[str, str]]:
    for place, line in enumerate(document_lines(document), 1):
        given = {name: text(line, name) for name in ("item_id", "quantity", "description", "account")}
        yield {"line_no": f"{place * 10:03d}", **given, "amount": _shown(number(line, "amount"))}


def _shown(value: Decimal) -> str:
    return format(value, "f") if value else ""
