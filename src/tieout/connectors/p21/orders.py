"""Sales orders, through REST or through the order window; read back line by line (P21 facts §3, §4.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21.answers import json_of, said, text_of
from tieout.connectors.p21.comparing import differences, document_lines, shown_of_tax
from tieout.connectors.p21.customers import require_payable
from tieout.connectors.p21.documents import day, number, requested_day, text, whole
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.order_dialect import ORDERS_PATH, OrderDialect
from tieout.connectors.p21.order_records import OrderRecords
from tieout.connectors.p21.sending import unsuccessful
from tieout.connectors.p21.transaction_api import TRANSACTION, Element, Expected, classify, transaction_set
from tieout.connectors.p21.writers import Middleware, RecordWriter
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, Json, Sent
from tieout.kernel.failures import Failed, Fix

HEADER, SHIP_TO, ITEMS = "TABPAGE_1.order", "TP_SHIPTO.shipto", "TP_ITEMS.items"
DETAIL, REMITTANCES = "TP_EXTDINFO.extd_info", "TP_REMITTANCES.remittances"
WINDOW_FIELDS: Mapping[str, tuple[str, ...]] = {
    HEADER: ("order_no", "customer_id", "ship_to_id", "source_loc_id", "order_date", "requested_date"),
    ITEMS: ("oe_order_item_id", "unit_quantity", "unit_price", "user_line_no"),
    DETAIL: ("tax_item",),
}
APPROVED = "It is approved: hold it in P21 before it ships."
WINDOW_SHIP_TO = {"ship_to_address2": "oe_hdr_ship2_add2", "ship_to_state": "oe_hdr_ship2_state"}
PAYMENT_FIELDS = ("payment_type_id", "payment_amount", "check_number", "payment_date")


class OrderWriter(RecordWriter):
    """What both ways share: an order is found by its reference and compared whole."""

    entity = "sales_order"

    def __init__(self, p21: Middleware) -> None:
        super().__init__(p21)
        self.records = OrderRecords(p21.odata, p21.settings.company_id)

    @property
    def column(self) -> str:
        """The column of oe_hdr that carries the reference."""
        return self.p21.settings.order_reference

    def by_reference(self, reference: str, document: Document) -> list[Row]:
        """All orders that carry the reference."""
        return self.records.by_reference(self.column, reference)

    def by_key(self, key: str) -> Row | None:
        """The order of that number."""
        return self.records.by_number(key)

    def found(self, row: Row, document: Document) -> Found:
        """The order compared with what was meant."""
        order_no = text_of(row.get("order_no"))
        seen = self.records.seen(row)
        note = APPROVED if text_of(row.get("approved")) == "Y" and not seen.void else ""
        shown = {"order_no": order_no, **shown_of_tax(document, seen)}
        return Found(order_no, differences(document, seen), shown, bool(seen.void), note)

    def checked(self, document: Document) -> int:
        """The customer's number, when the customer may buy in the currency; Failed(Fix) names what is wrong."""
        customer_id = whole(document, "customer_id")
        require_payable(self.p21, customer_id, text(document, "currency"))
        if self.column != "web_reference_no" and text(document, self.column):
            raise Failed(_reference_in_use(self.column, text(document, self.column)))
        return customer_id


class RestOrderWriter(OrderWriter):
    """Through /api/sales/orders/, in the spelling of this P21."""

    create_invoice = False

    def __init__(self, p21: Middleware, dialect: OrderDialect) -> None:
        super().__init__(p21)
        self._names = dialect.names

    def path(self) -> str:
        """The collection, with its slash."""
        return ORDERS_PATH

    def body(self, reference: str, document: Document) -> Mapping[str, Any]:
        """The order graph; prices are sent as manual ones, or P21 would take its own."""
        customer_id = self.checked(document)
        given = {**self._header(customer_id, document), self.column: reference}
        cleared = cleared_by(document, self.p21.settings.home_country)
        sent = {
            self._names[ours]: value
            for ours, value in given.items()
            if ours in self._names and (value != "" or ours in cleared)
        }
        return {**sent, self._names["lines"]: {"list": [_rest_line(line) for line in document_lines(document)]}}

    def enters_approved(self, document: Document) -> bool:
        """An order is entered unapproved where it can be approved after it was compared."""
        return self.p21.settings.enters_approved(document.get("approved"))

    def classified(self, reply: Reply, document: Document) -> Sent:
        """Confirmed when an order number came back; P21 may spell it either way, and wrap it in a list."""
        if reply.status not in (200, 201):
            return unsuccessful(self.entity, document, reply)
        try:
            body = json_of(reply)
        except ValueError:
            return Indeterminate(said(reply))
        order_no = order_number(body)
        return Confirmed(order_no, {"order_no": order_no}) if order_no else Indeterminate(said(reply))

    def _header(self, customer_id: int, document: Document) -> dict[str, Any]:
        settings = self.p21.settings
        copied = {
            name: text(document, name)
            for name in self._names
            if name.startswith("ship_to_") or name in ("po_no", "job_name", "note")
        }
        return {
            **copied,
            "customer_id": customer_id,
            "company_id": settings.company_id,
            "location_id": settings.location_id,
            "source_location_id": settings.source_location,
            "ship_to_id": customer_id,
            "taker": text(document, "taker") or settings.taker,
            "terms": text(document, "terms") or settings.terms,
            "order_date": f"{day(document, 'order_date')}T00:00:00",
            "requested_date": f"{requested_day(document)}T00:00:00",
            "quote": "N",
            "approved": self.enters_approved(document),
            "create_invoice": self.create_invoice,
        }


class WindowOrderWriter(OrderWriter):
    """Through the Order window of the Transaction API: header, items, then the payment."""

    def path(self) -> str:
        """On the UI server."""
        return self.p21.session.ui_path() + TRANSACTION

    def body(self, reference: str, document: Document) -> Mapping[str, Any]:
        """One transaction set with one order."""
        customer_id = self.checked(document)
        header = {**self._header(str(customer_id), document), self.column: reference}
        return transaction_set("Order", self._elements(header, document))

    def classified(self, reply: Reply, document: Document) -> Sent:
        """Confirmed when it passed and its number came back."""
        return classify(reply, document, Expected(self.entity, "order_no", {"order_no": "order_no"}))

    def _elements(self, header: Mapping[str, str], document: Document) -> Iterator[Element]:
        cleared = [WINDOW_SHIP_TO[name] for name in cleared_by(document, self.p21.settings.home_country)]
        yield Element(HEADER, [header], cleared=tuple(cleared))
        country = text(document, "ship_to_country")
        if country and country.upper() != self.p21.settings.home_country.upper():
            yield Element(SHIP_TO, [{"phys_country": country}])
        for place, line in enumerate(document_lines(document), 1):
            yield Element(ITEMS, [_window_line(place, line)], "List", ("user_line_no",))
            if isinstance(line.get("taxable"), bool):
                yield Element(DETAIL, [{"tax_item": "ON" if line["taxable"] else "OFF"}])
        payment = document.get("payment")
        if self.p21.settings.receipts_by == "order" and isinstance(payment, dict):
            yield Element(REMITTANCES, [self._payment(payment)])

    def _header(self, customer_id: str, document: Document) -> dict[str, str]:
        settings = self.p21.settings
        yes = settings.enters_approved(document.get("approved"))
        return {
            "customer_id": customer_id,
            "ship_to_id": customer_id,
            "sales_loc_id": str(settings.location_id),
            "source_loc_id": str(settings.source_location),
            "order_date": day(document, "order_date"),
            "requested_date": requested_day(document),
            "po_no": text(document, "po_no"),
            "job_name": text(document, "job_name"),
            "taker": text(document, "taker") or settings.taker,
            "approved": "ON" if yes else "OFF",
            "email_address": text(document, "ship_to_email"),
            "delivery_instructions": text(document, "note"),
            "oe_hdr_terms": text(document, "terms") or settings.terms,
            "ship_to_name": text(document, "ship_to_name"),
            "oe_hdr_ship2_add1": text(document, "ship_to_address1"),
            "oe_hdr_ship2_add2": text(document, "ship_to_address2"),
            "oe_hdr_ship2_city": text(document, "ship_to_city"),
            "oe_hdr_ship2_state": text(document, "ship_to_state"),
            "oe_hdr_ship2_zip": text(document, "ship_to_postal_code"),
        }

    def _payment(self, payment: Mapping[str, Json]) -> dict[str, str]:
        kind = text(payment, "payment_type_id") or text_of(self.p21.settings.payment_type_id)
        if not kind or not text(payment, "reference"):
            raise Failed(_payment_incomplete("payment_type_id" if not kind else "payment.reference"))
        return {
            "payment_type_id": kind,
            "payment_amount": format(number(payment, "amount"), "f"),
            "payment_desc": text(payment, "description"),
            "check_number": text(payment, "reference"),
            "payment_date": day(payment, "date"),
        }


def order_number(body: object) -> str:
    """The number of the order that an answer shows; P21 may spell it either way, and wrap it in a list."""
    if isinstance(body, list) and len(body) == 1:
        return order_number(body[0])
    if not isinstance(body, dict):
        return ""
    return text_of(body.get("OrderNo") or body.get("order_no")) or order_number(body.get("list"))


def cleared_by(document: Document, home_country: str) -> tuple[str, ...]:
    """Fields of the ship-to that are sent empty: P21 would fill them from the customer's own address, half of each."""
    if not text(document, "ship_to_address1"):
        return ()
    country = text(document, "ship_to_country")
    abroad = bool(country) and country.upper() != home_country.upper()
    empty = ("ship_to_address2", *(("ship_to_state",) if abroad else ()))
    return tuple(name for name in empty if not text(document, name))


def _rest_line(line: Mapping[str, Json]) -> dict[str, Any]:
    taxable = line.get("taxable")
    given = {
        "ItemId": text(line, "item_id"),
        "UnitQuantity": number(line, "quantity"),
        "UnitOfMeasure": text(line, "unit_of_measure"),
        "UnitPrice": number(line, "unit_price"),
        "ManualPriceOveride": "Y",
        "ExtendedDesc": text(line, "description"),
        "TaxItem": ("Y" if taxable else "N") if isinstance(taxable, bool) else "",
    }
    return {name: value for name, value in given.items() if value != ""}


def _window_line(place: int, line: Mapping[str, Json]) -> dict[str, str]:
    return {
        "user_line_no": f"{place * 10:03d}",
        "oe_order_item_id": text(line, "item_id"),
        "unit_of_measure": text(line, "unit_of_measure"),
        "unit_quantity": format(number(line, "quantity"), "f"),
        "unit_price": format(number(line, "unit_price"), "f"),
        "extended_desc": text(line, "description"),
    }


def _reference_in_use(column: str, value: str) -> Fix:
    sentence = (
        f"{column} carries Tieout's reference, so it cannot carry {value!r} too. Stop feeding {column} in the workflow, or "
        "let another column carry the reference (reference_fields of the P21 connection), then replay."
    )
    return Fix("p21.reference_in_use", sentence, field=column, value=value)


def _payment_incomplete(field: str) -> Fix:
    sentence = (
        f"The payment that travels with the order has no {field}. Set payment_type_id of the P21 connection (or feed the "
        "field), then replay."
    )
    return Fix("p21.payment_incomplete", sentence, field=field)
