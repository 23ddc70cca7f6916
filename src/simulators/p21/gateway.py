"""A REST gateway in front of P21, over the same books. No real gateway's schema is public: all of it is synthetic."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from simulators.p21 import gateway_reads as reads
from simulators.p21 import gateway_writes as writes
from simulators.p21.answers import Answer
from simulators.p21.refusals import NotFound, Refused
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.values import moment, parse_json
from simulators.wire import Request

PREFIX = "/api/v2/"
PAGE, PAGE_MAX = 50, 200
OPENAPI = Path(__file__).with_name("gateway.openapi.json")
_FILTERS = ("reference", "number", "email", "customer", "modifiedSince")
_PAGING = ("limit", "cursor")


@dataclass(frozen=True, slots=True)
class Resource:
    """One path: how its documents are found, shown, created and changed."""

    filters: tuple[str, ...]
    find: Callable[[State, Mapping[str, str]], Sequence[Row]]
    show: Callable[[State, Row], dict[str, Any]]
    create: Callable[[State, Mapping[str, Any]], Row] | None = None
    change: Callable[[State, Row, Mapping[str, Any]], None] | None = None


RESOURCES = {
    "customers": Resource(("reference", "number", "email", "modifiedSince"), reads.customers, reads.customer,
                          writes.customer, writes.change_customer),
    "salesorders": Resource(("reference", "number", "customer", "modifiedSince"), reads.orders, reads.order, writes.order,
                            writes.change_order),
    "invoices": Resource(("reference", "number", "customer", "open", "modifiedSince"), reads.invoices, reads.invoice, writes.invoice),
    "creditmemos": Resource(("reference", "number", "customer", "open", "modifiedSince"), reads.credit_memos, reads.credit_memo,
                            writes.credit_memo),
    "gl/journalentries": Resource(("reference", "number", "modifiedSince"), reads.journals, reads.journal, writes.journal),
    "payments": Resource(("reference", "number"), reads.payments, reads.payment),
    "gl/accounts": Resource(("number",), reads.accounts, reads.account),
    "gl/periods": Resource((), reads.periods, reads.period),
    "items": Resource(("number",), reads.items, reads.item),
}  # fmt: skip


class Gateway:
    """Answers /api/v2/{customers|salesorders|invoices|creditmemos|payments|gl/journalentries|gl/accounts|gl/periods|items}."""

    def __init__(self, state: State) -> None:
        self._state = state

    def admits(self, request: Request) -> bool:
        """Whether the request carries the gateway's key, as a bearer or as an API key."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        given = token.strip() if kind.lower() == "bearer" else request.headers.get("x-api-key", "")
        return hmac.compare_digest(given.encode(), self._state.options.gateway_key.encode())

    def answer(self, request: Request) -> Answer:
        """A document, a page of them, or an error that names the field."""
        path = request.path.removeprefix(PREFIX).strip("/")
        if path == "openapi.json":
            return Answer(_openapi(), synthetic=True)
        name = next((name for name in RESOURCES if path == name or path.startswith(name + "/")), "")
        if not name:
            return error(404, "not_found", f"There is no resource {request.path}.")
        try:
            return self._dispatch(self._offered(name), request, unquote(path.removeprefix(name).strip("/")))
        except Refused as refusal:
            return error(422, refusal.code, refusal.message, refusal.field)
        except NotFound as missing:
            return error(404, "not_found", f"There is no {name} {missing.key}.")

    def _dispatch(self, resource: Resource, request: Request, key: str) -> Answer:
        if request.method == "GET" and not key:
            return self._list(resource, request)
        if request.method == "GET":
            return self._shown(resource, self._one(resource, key))
        change = resource.change
        if request.method == "PUT" and change is not None and key:
            return self._changed(resource, change, request, key)
        create = resource.create
        if request.method == "POST" and create is not None and not key:
            return self._created(resource, create, request)
        return error(405, "method_not_allowed", f"{request.method} is not offered here.")

    def _offered(self, name: str) -> Resource:
        """A gateway may lack the PUT of sales orders."""
        lacking = name == "salesorders" and not self._state.options.gateway_put_orders
        return replace(RESOURCES[name], change=None) if lacking else RESOURCES[name]

    def _list(self, resource: Resource, request: Request) -> Answer:
        wrong = next((name for name in request.query if name not in (*resource.filters, *_PAGING)), "")
        if wrong:
            return error(400, "unknown_parameter", f"There is no filter {wrong}.", wrong)
        start, limit = request.first("cursor", "0"), request.first("limit", str(PAGE))
        if not start.isdigit() or not limit.isdigit():
            return error(400, "bad_paging", "cursor and limit must be what this service gave out.", "cursor")
        asked = {name: request.first(name) for name in resource.filters if name in request.query}
        if "modifiedSince" in asked:
            asked["modifiedSince"] = moment(asked["modifiedSince"], "modifiedSince")
        rows = [row for row in resource.find(self._state, asked) if self._state.seen(row)]
        begin, end = int(start), int(start) + max(1, min(int(limit), PAGE_MAX))
        value = [resource.show(self._state, row) for row in rows[begin:end]]
        return Answer({"value": value, "next": str(end) if end < len(rows) else None}, synthetic=True)

    def _one(self, resource: Resource, key: str) -> Row:
        row = next(iter(resource.find(self._state, {"number": key})), None)
        if row is None or not self._state.seen(row):
            raise NotFound(key)
        return row

    def _created(
        self, resource: Resource, create: Callable[[State, Mapping[str, Any]], Row], request: Request
    ) -> Answer:
        body = _body(request)
        if body is None:
            return error(400, "bad_body", "The body must be a JSON object.")
        with self._state.atomic():
            row = create(self._state, body)
        return self._shown(resource, row, 201)

    def _changed(
        self, resource: Resource, change: Callable[[State, Row, Mapping[str, Any]], None], request: Request, key: str
    ) -> Answer:
        body, row = _body(request), self._one(resource, key)
        if body is None:
            return error(400, "bad_body", "The body must be a JSON object.")
        with self._state.atomic():
            change(self._state, row, body)
        return self._shown(resource, row)

    def _shown(self, resource: Resource, row: Row, status: int = 200) -> Answer:
        return Answer(resource.show(self._state, row), status, synthetic=True)


def error(status: int, code: str, message: str, field: str = "") -> Answer:
    """The gateway's error body."""
    return Answer({"error": {"code": code, "message": message, "field": field or None}}, status, synthetic=True)


def _body(request: Request) -> Mapping[str, Any] | None:
    try:
        body = parse_json(request.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


@cache
def _openapi() -> Any:
    return json.loads(OPENAPI.read_text(encoding="utf-8"))
