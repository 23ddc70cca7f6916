"""Credit memos: by amount, or as a return of goods whose credit P21 makes when the warehouse receives them (P21 facts §4.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21.amounts import require_sum
from tieout.connectors.p21.answers import text_of
from tieout.connectors.p21.by_amount import MemoWriter
from tieout.connectors.p21.comparing import amount, differences, document_lines
from tieout.connectors.p21.customers import require_payable
from tieout.connectors.p21.documents import day, number, requested_day, text, whole
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.order_records import RETURN, OrderRecords
from tieout.connectors.p21.orders import HEADER, ITEMS
from tieout.connectors.p21.sending import before_sending
from tieout.connectors.p21.settings import ORDER_REFERENCES
from tieout.connectors.p21.transaction_api import TRANSACTION, Element, Expected, classify, transaction_set
from tieout.connectors.p21.writers import Middleware, RecordWriter
from tieout.domain.writing import Confirmed, Document, Found, Json, Sent
from tieout.kernel.failures import Failed, Fix

SERVICE = "RMA"
PRICE = Decimal("0.000000001")
NO_RETURN_WINDOW = "Grant the RMA window to the API user in P21, or let returns be credited as money."
LINE_FIELDS = ("user_line_no", "oe_order_item_id", "unit_quantity", "unit_price", "extended_desc")
HEADER_FIELDS = ("customer_id", "ship_to_id", "sales_loc_id", "source_loc_id", "order_date", "requested_date", "taker")


class CreditMemoWriter:
    """Sends a document to the window of its ``kind``; ``lacks`` says why a return cannot be written here."""

    def __init__(self, p21: Middleware, lacks: Callable[[], str]) -> None:
        self._money, self._goods, self._lacks = MemoWriter(p21), ReturnWriter(p21), lacks

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        """All credit memos and returns with that reference: one of the other kind is there, and is not what is meant."""
        meant = self._of(document)
        other = self._money if meant is self._goods else self._goods
        return (*meant.look_up(reference, document), *map(_otherwise, other.look_up(reference, document)))

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        """The credit memo, or the return, of that number."""
        return self._of(document).look_at(key, document)

    def send(self, reference: str, document: Document) -> Sent:
        """Write it once; a return only where the RMA window has what is needed."""
        try:
            writer = self._of(document)
            reason = self._lacks() if writer is self._goods else ""
        except Failed as error:
            return before_sending(error)
        if reason:
            sentence = f"Goods cannot be taken back in P21. {reason}"
            return before_sending(Failed(Fix("p21.capability_off", sentence, field="kind", value="return")))
        return writer.send(reference, document)

    def _of(self, document: Document) -> RecordWriter:
        kind = text(document, "kind")
        if kind not in ("", "money", "return"):
            sentence = f"kind ({kind!r}) must be money or return. Correct the expression in the workflow, then replay."
            raise Failed(Fix("p21.document.kind", sentence, field="kind", value=kind))
        return self._goods if kind == "return" else self._money


def _otherwise(found: Found) -> Found:
    differing = () if found.void else (f"{found.key} credits it in another way (kind money or return)",)
    return Found(found.key, differing, found.shown, found.void)


class ReturnWriter(RecordWriter):
    """An RMA order against the invoice; its key says that it is one."""

    entity = "credit_memo"

    @property
    def column(self) -> str:
        """The column of oe_hdr that carries the reference: one that the window has."""
        chosen = self.p21.settings.reference_fields.order
        return chosen if chosen in ("po_no", "job_name") else ORDER_REFERENCES["transaction"]

    @property
    def records(self) -> OrderRecords:
        """Orders of the company."""
        return OrderRecords(self.p21.odata, self.p21.settings.company_id)

    def by_reference(self, reference: str, document: Document) -> list[Row]:
        """Every RMA with that reference."""
        return self.records.by_reference(self.column, reference)

    def by_key(self, key: str) -> Row | None:
        """The RMA of that number."""
        return self.records.by_number(key.removeprefix(RETURN))

    def found(self, row: Row, document: Document) -> Found:
        """The RMA with what differs in customer, items, quantities and amounts; its tax is P21's own until goods arrive."""
        order_no, seen = text_of(row.get("order_no")), self.records.seen(row)
        lines: list[Json] = [
            {
                "item_id": text(line, "item_id"),
                "quantity": text(line, "quantity"),
                "unit_of_measure": text(line, "unit_of_measure"),
                "extended_price": text(line, "amount"),
            }
            for line in document_lines(document)
        ]
        meant: Document = {"customer_id": text(document, "customer_id"), "lines": lines, "total": amount(seen.total)}
        return Found(f"{RETURN}{order_no}", differences(meant, seen), {"order_no": order_no}, bool(seen.void))

    def path(self) -> str:
        """On the UI server."""
        return self.p21.session.ui_path() + TRANSACTION

    def body(self, reference: str, document: Document) -> Mapping[str, Any]:
        """One RMA with every line at the price it was credited at."""
        require_sum(document)
        require_payable(self.p21, whole(document, "customer_id"), text(document, "currency"))
        if not document_lines(document):
            raise Failed(_incomplete("lines"))
        rows = [_line(place, line) for place, line in enumerate(document_lines(document), 1)]
        items = Element(ITEMS, rows, "List", ("user_line_no",))
        return transaction_set(SERVICE, [Element(HEADER, [self._header(reference, document)]), items])

    def classified(self, reply: Reply, document: Document) -> Sent:
        """Confirmed when it passed and its number came back."""
        sent = classify(reply, document, Expected(self.entity, "order_no", {"order_no": "order_no"}))
        return Confirmed(f"{RETURN}{sent.key}", sent.shown) if isinstance(sent, Confirmed) else sent

    def _header(self, reference: str, document: Document) -> dict[str, str]:
        settings, customer_id = self.p21.settings, text(document, "customer_id")
        ordered: Document = {"order_date": day(document, "date")}
        return {
            "customer_id": customer_id,
            "ship_to_id": customer_id,
            "sales_loc_id": str(settings.location_id),
            "source_loc_id": str(settings.source_location),
            "order_date": day(document, "date"),
            "requested_date": requested_day(ordered),
            "taker": settings.taker,
            settings.rma_invoice_field: text(document, "invoice_no") or self._invoice_no(text(document, "order_no")),
            self.column: reference,
        }

    def _invoice_no(self, order_no: str) -> str:
        """The invoice by which an order was shipped, where it was not invoiced yet when it was written."""
        if not order_no:
            raise Failed(_incomplete("invoice_no"))
        found = [text_of(row.get("invoice_no")) for row in self.records.invoices(order_no)]
        if len(found) == 1:
            return found[0]
        why = (
            f"has {len(found)} invoices ({', '.join(found)})" if found else "is not invoiced yet, so no goods have left"
        )
        act = "Enter the return in P21" if found else "Ship and invoice it in P21, then replay"
        sentence = (
            f"Order {order_no} {why}. {act}, or let this refund be credited as money (p21_memo: money), then replay."
        )
        raise Failed(Fix("p21.return_invoice", sentence, field="invoice_no", value=order_no))


def return_fields(column: str, invoice_field: str) -> dict[str, tuple[str, ...]]:
    """The elements and fields that the RMA window must have."""
    return {HEADER: (*HEADER_FIELDS, column, invoice_field), ITEMS: LINE_FIELDS}


def _line(place: int, line: Mapping[str, Json]) -> dict[str, str]:
    quantity = number(line, "quantity") if text(line, "quantity") else Decimal(0)
    if not text(line, "item_id") or quantity <= 0:
        raise Failed(_incomplete(f"item_id and quantity of line {place}"))
    price = (number(line, "amount") / quantity).quantize(PRICE).normalize()
    return {
        "user_line_no": f"{place * 10:03d}",
        "oe_order_item_id": text(line, "item_id"),
        "unit_of_measure": text(line, "unit_of_measure"),
        "unit_quantity": format(quantity, "f"),
        "unit_price": format(price, "f"),
        "extended_desc": text(line, "description"),
    }


def _incomplete(field: str) -> Fix:
    sentence = f"A return of goods needs {field}. Feed it, or credit the amount as money (kind money), then replay."
    return Fix("p21.document.required", sentence, field=field)
