"""The orders family of the REST API, in either spelling (P21 facts §3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from simulators.p21 import invoices, orders
from simulators.p21.answers import Answer, envelope, html_not_found, no_resource, with_slash
from simulators.p21.orders import LineDraft, OrderDraft
from simulators.p21.refusals import SERVER, Refused
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.values import flag, moment, number, parse_json, text, whole, yes
from simulators.wire import Request

PREFIX = "/api/sales/orders"
_TEXTS = {
    "PoNo": "po_no", "Taker": "taker", "JobName": "job_name", "WebReferenceNo": "web_reference_no",
    "ContactId": "contact_id", "PackingBasis": "packing_basis", "PickTicketType": "pick_ticket_type",
    "DeliveryInstructions": "delivery_instructions", "ShipToName": "ship2_name", "ShipToAddress1": "ship2_add1",
    "ShipToAddress2": "ship2_add2", "ShipToCity": "ship2_city", "ZipCode": "ship2_zip",
    "ShipToCountry": "ship2_country", "ShipToPhone": "ship_to_phone", "Class1id": "class_1id",
}  # fmt: skip
_NUMBERS = {
    "LocationId": "location_id",
    "ShipToId": "address_id",
    "CarrierId": "carrier_id",
    "FreightOut": "freight_out",
}
_MOMENTS = {"OrderDate": "order_date", "RequestedDate": "requested_date", "PromiseDate": "promise_date"}
_FLAGS = {"Approved": "approved", "Quote": "projected_order", "RMA": "rma_flag"}
SPELLINGS = {
    "classic": {"texts": {"Terms": "terms", "OeHdrShip2State": "ship2_state", "ShipToMailAddress": "ship2_email_address"},
                "numbers": {"SourceLocationId": "source_location_id"}},
    "short": {"texts": {"TermsId": "terms", "ShipToState": "ship2_state", "ShipToEmail": "ship2_email_address"},
              "numbers": {"SourceLocId": "source_location_id"}},
}  # fmt: skip
_OTHERS = ("OrderNo", "CustomerId", "CompanyId", "CreateInvoice")
_LISTS = ("Lines", "Notes", "Salesreps", "BuilderSelectionSheets", "Samples")


class SalesOrders:
    """Answers /api/sales/orders/."""

    def __init__(self, state: State) -> None:
        self._state = state
        spelled = SPELLINGS[state.options.dialect_orders]
        self._texts, self._numbers = _TEXTS | spelled["texts"], _NUMBERS | spelled["numbers"]

    def answer(self, request: Request) -> Answer:
        """One order, the template, or what the import engine said."""
        rest = request.path.removeprefix(PREFIX)
        if rest and not rest.startswith("/"):
            return html_not_found(request.path)
        key, _, verb = unquote(rest.strip("/")).partition("/")
        if verb:
            return self._verb(request, key, verb)
        if not rest:
            return with_slash(request)
        if request.method == "POST" and not key:
            return self._post(request)
        return self._get(request, key) if request.method == "GET" else Answer(status=405)

    def _get(self, request: Request, key: str) -> Answer:
        if key == "ping":
            return Answer({"ResponseMessage": "success"})
        if key == "help":
            return Answer(page="<html><body><h1>sales/orders</h1></body></html>")
        if key == "new":
            return Answer(self._template(), root="Order")
        if not key:
            return envelope(
                "The query contains a field that is not recognized.", SERVER, self._state.now(), synthetic=True
            )
        order = self._state["oe_hdr"].one(order_no=key)
        if order is None or not self._state.seen(order):
            return no_resource(f"GetById {key}", self._state.now())
        asked = request.first("extendedproperties")
        return Answer(self._shown(order, with_lines=asked == "*" or "Lines" in asked), root="Order")

    def _verb(self, request: Request, key: str, verb: str) -> Answer:
        if verb != "approve":
            return html_not_found(request.path)
        order = self._state["oe_hdr"].one(order_no=key)
        if request.method != "PUT":
            return Answer(status=405)
        if order is None:
            return no_resource(f"GetById {key}", self._state.now())
        self._state.change("oe_hdr", order, {"approved": "Y"})
        return Answer(self._shown(order, with_lines=False), root="Order", synthetic=True)

    def _post(self, request: Request) -> Answer:
        try:
            body = parse_json(request.body)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused("The request body could not be read.", error_type=SERVER, code="bad_body", synthetic=True)
        if body.get("OrderNo"):
            return self._update(body)
        try:
            order = self._create(body)
        except Refused as refusal:
            return self._import_failed(refusal)
        return Answer(self._shown(order, with_lines=True), root="Order")

    def _create(self, body: Mapping[str, Any]) -> Row:
        if not body.get("CustomerId"):
            raise Refused("Customer ID is required", code="required", field="CustomerId")
        if body.get("CompanyId") not in (None, self._state.company):
            raise Refused(f'The company "{body["CompanyId"]}" could not be retrieved from the database.')
        lines = [_line(line) for line in (body.get("Lines") or {}).get("list") or ()]
        with self._state.atomic():
            draft = OrderDraft(whole(body["CustomerId"], "CustomerId"), self._header(body), lines)
            order = orders.place(self._state, draft)
            if yes(body.get("CreateInvoice")):
                invoices.invoice_order(self._state, order)
        return order

    def _update(self, body: Mapping[str, Any]) -> Answer:
        order = self._state["oe_hdr"].one(order_no=text(body["OrderNo"]))
        if order is None:
            return no_resource(f"GetById {body['OrderNo']}", self._state.now())
        self._state.change("oe_hdr", order, self._header(body))
        invoices.ship_if_told(self._state, order)
        return Answer(self._shown(order, with_lines=True), root="Order")

    def _header(self, body: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in body.items() if value is not None}
        readers: tuple[tuple[Mapping[str, str], Any], ...] = (
            (self._texts, lambda value, _: text(value)), (self._numbers, number), (_MOMENTS, moment),
            (_FLAGS, lambda value, _: flag(value)),
        )  # fmt: skip
        return {
            column: read(given[name], name)
            for names, read in readers
            for name, column in names.items()
            if name in given
        }

    def _template(self) -> dict[str, Any]:
        names = [*_OTHERS, *self._texts, *self._numbers, *_MOMENTS, *_FLAGS]
        return dict.fromkeys(names) | dict.fromkeys(_LISTS) | {"ObjectName": "order", "UserDefinedFields": {}}

    def _shown(self, order: Row, with_lines: bool) -> dict[str, Any]:
        names = self._texts | self._numbers | _MOMENTS | _FLAGS
        shown = {name: order[column] for name, column in names.items()}
        lines = orders.lines_of(self._state, order["order_no"]) if with_lines else []
        listed = {"list": [self._line_shown(row) for row in lines]} if with_lines else None
        return {
            "OrderNo": order["order_no"], "CustomerId": order["customer_id"], "CompanyId": order["company_id"], **shown,
            **dict.fromkeys(_LISTS), "Lines": listed, "ObjectName": "order", "UserDefinedFields": {},
            "APIInformation": {"ContextMessage": ""},
        }  # fmt: skip

    @staticmethod
    def _line_shown(row: Row) -> dict[str, Any]:
        return {
            "LineNo": row["line_no"], "ItemId": row["item_id"], "UnitQuantity": row["unit_quantity"],
            "UnitOfMeasure": row["unit_of_measure"], "UnitPrice": row["unit_price"],
            "ExtendedPrice": row["extended_price"], "ManualPriceOveride": row["manual_price_overide"],
            "PricingUnit": row["pricing_unit"], "ExtendedDesc": row["extended_desc"], "TaxItem": row["tax_item"],
            "SourceLocId": row["source_loc_id"], "ShipLocId": row["ship_loc_id"],
        }  # fmt: skip

    def _import_failed(self, refusal: Refused) -> Answer:
        said = escape(f"Import Set No (A): 1: {refusal.message}")
        message = (
            f'<ImportReturn type="CREATE"><ImportMessage severity="error">{said}</ImportMessage></ImportReturn>'
            "(Return value: -8 , Import is ok but some records failed)"
        )
        return envelope(message, SERVER, self._state.now(), synthetic=refusal.synthetic)


def _line(body: Mapping[str, Any]) -> LineDraft:
    price, wanted = body.get("UnitPrice"), body.get("TaxItem")
    return LineDraft(
        item_id=text(body.get("ItemId")), quantity=number(body.get("UnitQuantity", Decimal(1)), "UnitQuantity"),
        price=None if price is None else number(price, "UnitPrice"), manual=yes(body.get("ManualPriceOveride")),
        unit=text(body.get("UnitOfMeasure")), description=text(body.get("ExtendedDesc")) or None,
        taxable=None if wanted is None else yes(wanted),
    )  # fmt: skip
