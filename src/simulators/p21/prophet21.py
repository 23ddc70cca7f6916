"""A pretend Prophet 21: six surfaces and a gateway over the books of one company."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from simulators.faults import Fault, Faults
from simulators.p21 import (
    accounting_gl,
    entity,
    fault_kinds,
    gateway,
    interactive,
    inventory_parts,
    invoices,
    login,
    odata,
    sales_orders,
    seeds,
    transaction_api,
)  # fmt: skip
from simulators.p21.answers import Answer, envelope, html_not_found, login_page, no_resource
from simulators.p21.books import Book, books, doubles, gl_balanced
from simulators.p21.options import Options
from simulators.p21.refusals import PROPHET, NotFound, Refused
from simulators.p21.sim_routes import SimRoutes
from simulators.p21.site_rules import SiteRule
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.values import parse_json
from simulators.wire import Request, Response
from simulators.world import World


class _Surface(Protocol):
    def answer(self, request: Request) -> Answer: ...


class Prophet21:
    """One tenant. ``options`` are those of Options; the books begin with what every company has, no items, no customers.

    ``state`` is the truth behind all surfaces, ``faults`` what shall go wrong (see fault_kinds).
    """

    def __init__(self, world: World, **options: Any) -> None:
        self.world, self.options = world, Options(**options)
        self.state = State(world, self.options)
        self.faults = Faults(world.dice("p21 faults"), fault_kinds.KINDS)
        self.login, self.gateway = login.Login(self.state), gateway.Gateway(self.state)
        self.calls: dict[str, int] = {}
        self._answers: dict[str, Answer] = {}
        self._lock, self._sim = threading.RLock(), SimRoutes(self)
        tapi = transaction_api.TransactionApi(self.state)
        self._surfaces: tuple[tuple[str, _Surface], ...] = (
            (odata.PREFIX, odata.OData(self.state)),
            (transaction_api.PREFIX, tapi),
            (sales_orders.PREFIX, sales_orders.SalesOrders(self.state)),
            (entity.PREFIX, entity.Entities(self.state)),
            (accounting_gl.PREFIX, accounting_gl.AccountingGl(self.state)),
            (gateway.PREFIX, self.gateway),
            (interactive.PREFIX, interactive.Interactive(self.state)),
            (inventory_parts.PREFIX, inventory_parts.InventoryParts(self.state)),
        )
        seeds.found_company(self.state)

    def respond(self, request: Request) -> Response:
        """Answer one request; safe from several threads."""
        with self._lock:
            self.state.settle()
            if request.path.startswith("/_sim/"):
                return self._sim.answer(request).written(xml=False)
            return self._served(request, operation_of(request))

    def seed_books(self) -> None:
        """Add the default catalogue and customers."""
        with self._lock:
            seeds.seed_books(self.state)

    def add_customer(self, name: str, emails: tuple[str, ...] = (), **more: Any) -> int:
        """Add a customer, see seeds.add_customer; returns its number."""
        with self._lock:
            return seeds.add_customer(self.state, name, emails, **more)

    def add_item(self, item_id: str, description: str = "", price: str = "1.00", **more: Any) -> int:
        """Add an item, see seeds.add_item; returns its inv_mast_uid."""
        with self._lock:
            return seeds.add_item(self.state, item_id, description, price, **more)

    def edit(self, table: str, changes: dict[str, Any], **where: Any) -> int:
        """What a person does in P21 behind our back: change rows; returns how many (close a period, void, lose a ref)."""
        with self._lock:
            rows = list(self.state[table].where(**where))
            for row in rows:
                self.state.change(table, row, changes)
            return len(rows)

    def make_rule(self, rule: SiteRule) -> None:
        """An administrator makes a rule for the site: rows that break it are refused from now on."""
        with self._lock:
            self.state.rules.append(rule)

    def lift_rules(self) -> None:
        """An administrator takes the site's rules away again."""
        with self._lock:
            self.state.rules.clear()

    def ship(self, order_no: str) -> str:
        """The warehouse ships an order, or receives the goods of an RMA: what is made of it, an invoice or a credit memo."""
        with self._lock:
            order = self.state["oe_hdr"].where(order_no=order_no)[0]
            act = invoices.receive_return if order["rma_flag"] == "Y" else invoices.invoice_order
            made = act(self.state, order)
            return str(made["invoice_no"]) if made else ""

    def books(self) -> dict[str, Book]:
        """Every document by kind, with its reference; commits that are due are in it."""
        with self._lock:
            self.state.settle()
            return books(self.state)

    def doubles(self) -> dict[str, list[str]]:
        """References that stand on more than one live document, by kind."""
        with self._lock:
            self.state.settle()
            return doubles(self.state)

    def gl_balanced(self) -> bool:
        """Whether every ledger entry balances."""
        with self._lock:
            return gl_balanced(self.state)

    def rows(self, table: str, **where: Any) -> list[Row]:
        """Copies of the rows of a table, for assertions."""
        with self._lock:
            self.state.settle()
            return [dict(row) for row in (self.state[table].where(**where) if where else self.state[table].rows)]

    def _served(self, request: Request, operation: str) -> Response:
        self.calls[operation] = self.calls.get(operation, 0) + 1
        slow = self.faults.draw(operation, "slow")
        struck = self.faults.draw(operation, *fault_kinds.BEFORE)
        response = self._faulty(request, operation, struck) if struck else self._admitted(request, operation)
        return replace(response, delay_seconds=response.delay_seconds + slow.seconds) if slow else response

    def _faulty(self, request: Request, operation: str, fault: Fault) -> Response:
        if fault.detail.get("committed") and self._admits(request):
            self._run(request, operation)
        if fault.kind in ("down", "cut"):
            return Response(cut=True)
        return self._lie(request, operation, fault).written(_wants_xml(request))

    def _lie(self, request: Request, operation: str, fault: Fault) -> Answer:
        kind, status = fault.kind, fault.detail.get("status")
        if kind == "token_expired":
            self.login.expire_all()
        if kind == "html_page":
            return login_page(int(status or 200))
        if kind == "dirty_session" and operation.startswith("tapi "):
            summary = {"Succeeded": 0, "Failed": 1, "Other": 0}
            return Answer({"Messages": [transaction_api.DIRTY], "Results": None, "Summary": summary})
        if kind == "rate_limited":
            return Answer(status=429, headers={"retry-after": str(int(fault.seconds or 1))}, synthetic=True)
        known = {"unauthorized": 401, "token_expired": 401, "forbidden": 403, "pool_exhausted": 503}
        code = int(status or known.get(kind, 500))
        if request.path.startswith(gateway.PREFIX):
            return gateway.error(code, kind, "The gateway refused or failed.")
        return Answer(status=code, synthetic=kind == "pool_exhausted")

    def _admitted(self, request: Request, operation: str) -> Response:
        if not self._admits(request):
            if request.path.startswith(gateway.PREFIX):
                return gateway.error(401, "unauthorized", "The key is missing or wrong.").written(xml=False)
            return Answer(status=401).written(xml=False)
        after = self.faults.draw(operation, *fault_kinds.AFTER) if _writes(request, operation) else None
        if after is not None:
            return self._after(request, operation, after)
        answer = self._echoed(request, operation, self._run(request, operation))
        odd = self.faults.draw(operation, "xml_answer")
        response = answer.written(odd is not None or _wants_xml(request))
        half = self.faults.draw(operation, "half_answer")
        return replace(response, body=response.body[: len(response.body) // 2]) if half else response

    def _echoed(self, request: Request, operation: str, answer: Answer) -> Answer:
        if not _writes(request, operation):
            return answer
        before, self._answers[operation] = self._answers.get(operation), answer
        return before if before and self.faults.draw(operation, "wrong_echo") else answer

    def _after(self, request: Request, operation: str, fault: Fault) -> Response:
        if fault.kind == "late_commit":
            self.state.later(fault.seconds, lambda: self._run(request, operation))
            return Response(delay_seconds=fault.detail.get("hang", 0.0), cut=True)
        answer = self._run(request, operation)
        if fault.kind == "cut_after_commit":
            return Response(cut=True)
        if fault.kind == "partial_summary" and isinstance(answer.value, dict) and "Summary" in answer.value:
            summary = {"Succeeded": 1, "Failed": 1, "Other": 0}
            said = {**answer.value, "Messages": ["Transaction 2:: General Exception"], "Summary": summary}
            return replace(answer, value=said).written(_wants_xml(request))
        return Answer(status=int(fault.detail.get("status", 500))).written(xml=False)

    def _run(self, request: Request, operation: str) -> Answer:
        kinds = fault_kinds.TWISTS if _writes(request, operation) else fault_kinds.TWISTS.keys() - {"early_answer"}
        drawn = [self.faults.draw(operation, kind) for kind in kinds]
        self.state.twist = {fault.kind: fault for fault in drawn if fault is not None}
        stale, early = self.state.twist.get("stale_read"), self.state.twist.get("early_answer")
        lag = stale.seconds if stale else 0.0
        self.state.horizon = self.state.now() - lag if request.method == "GET" else None
        try:
            with self.state.born_later(early.seconds if early else 0.0):
                return self._routed(request)
        except Refused as refusal:
            return envelope(refusal.message, refusal.error_type, self.state.now(), synthetic=refusal.synthetic)
        except NotFound as missing:
            return no_resource(f"GetById {missing.key}", self.state.now())
        except (AttributeError, TypeError, KeyError) as malformed:
            said = f"The request could not be understood: {type(malformed).__name__} {malformed}"
            return envelope(said, PROPHET, self.state.now(), synthetic=True)
        finally:
            self.state.twist, self.state.horizon = {}, None

    def _routed(self, request: Request) -> Answer:
        if request.path.startswith(login.TOKEN):
            return self.login.token(request)
        if request.path.rstrip("/") == login.ROUTER:
            return self.login.router(request)
        surface: Callable[[Request], Answer] | None = next(
            (each.answer for prefix, each in self._surfaces if request.path.startswith(prefix)), None
        )
        return html_not_found(request.path) if surface is None else surface(request)

    def _admits(self, request: Request) -> bool:
        if request.path.startswith(login.TOKEN) or request.path == gateway.PREFIX + "openapi.json":
            return True
        if request.path.startswith(gateway.PREFIX) and self.gateway.admits(request):
            return True
        return self.login.admits(request)


def operation_of(request: Request) -> str:
    """The name faults know a request by, see fault_kinds."""
    path = request.path
    if path.startswith(odata.PREFIX):
        return f"odata {path.rpartition('/')[2].lower()}"
    if path.startswith(transaction_api.PREFIX):
        verb = path.removeprefix(transaction_api.PREFIX).strip("/")
        return f"tapi {_service(request) if verb.startswith('transaction') and request.method == 'POST' else verb}"
    if path.startswith(login.TOKEN):
        return "token"
    if path.rstrip("/") == login.ROUTER:
        return "router"
    return "interactive" if path.startswith(interactive.PREFIX) else f"{request.method} {path}"


def _service(request: Request) -> str:
    with suppress(ValueError, AttributeError):
        body = parse_json(request.body)
        return str((body.get("Content") or body).get("Name") or body.get("ServiceName") or "")
    return ""


def _writes(request: Request, operation: str) -> bool:
    return request.method != "GET" and operation not in ("token", "interactive") and not request.path.endswith("/get")


def _wants_xml(request: Request) -> bool:
    """REST families answer XML unless JSON is asked for; the other surfaces speak JSON only (P21 facts §1.5)."""
    if request.path.startswith((odata.PREFIX, transaction_api.PREFIX, gateway.PREFIX, interactive.PREFIX)):
        return "xml" in request.headers.get("accept", "") and "json" not in request.headers.get("accept", "")
    return "json" not in request.headers.get("accept", "")
