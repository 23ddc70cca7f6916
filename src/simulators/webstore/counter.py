"""What all pretend stores share: faults, a record of who wrote what, and the checker's view under ``/_sim``."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from simulators.faults import Fault, Faults
from simulators.wire import Request, Response
from simulators.world import World

FAULTS = frozenset({"down", "slow", "cut", "cut_after_commit", "unauthorized"})


class Refusal(Exception):
    """An answer that is an error, in the words of the store."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class Write:
    """A change somebody asked for over the wire."""

    method: str
    path: str
    body: Any
    applied: bool


class Counter(ABC):
    """A store's front: everything goes through one lock. Operations are named ``GET /path`` for faults.

    ``moved_to``: the host and port at which alone it is from now on; at any other it answers where it went.
    """

    scenarios: ClassVar[tuple[str, ...]] = ("add_order",)

    def __init__(self, world: World, name: str) -> None:
        self._clock, self._lock = world.clock, threading.RLock()
        self.faults = Faults(world.dice(f"webstore/{name}/faults"), FAULTS)
        self.moved_to = ""
        self.writes: list[Write] = []
        self.reads: dict[str, int] = {}

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        with self._lock:
            if request.path.startswith("/_sim/"):
                return self._simulated(request)
            return self._struck(request)

    def plan(self, *faults: Fault) -> None:
        """Plan faults: down, slow, cut, cut_after_commit, unauthorized."""
        self.faults.plan(*faults)

    def books(self) -> dict[str, Any]:
        """Everything, for a checker: orders by id, writes, reads by path, faults."""
        with self._lock:
            writes = [{"method": w.method, "path": w.path, "body": w.body, "applied": w.applied} for w in self.writes]
            struck = dict(self.faults.struck)
            return {"orders": self.orders(), "writes": writes, "reads": dict(self.reads), "faults_struck": struck}

    @abstractmethod
    def orders(self) -> dict[str, Any]:
        """All orders by id, as the store shows them."""

    @abstractmethod
    def admit(self, request: Request) -> None:
        """Refusal when the caller may not come in."""

    @abstractmethod
    def serve(self, request: Request) -> Response:
        """Answer an admitted request, or raise Refusal."""

    @abstractmethod
    def refused(self, refusal: Refusal) -> Response:
        """An error in the store's own shape."""

    @abstractmethod
    def unauthorized(self) -> Refusal:
        """What a caller with a wrong key hears."""

    def _struck(self, request: Request) -> Response:
        operation = f"{request.method} {request.path}"
        if self.moved_to not in ("", request.headers.get("host", "")):
            return Response(301, b"", {"location": f"http://{self.moved_to}{request.path}"})
        slow = self.faults.draw(operation, "slow")
        fault = self.faults.draw(operation, "down", "cut", "cut_after_commit", "unauthorized")
        response = self._answer(request, fault.kind if fault else "")
        delay = slow.seconds if slow else 0.0
        return Response(response.status, response.body, response.headers, delay, response.cut)

    def _answer(self, request: Request, fault: str) -> Response:
        if fault == "down":
            page = b"<html><body><h1>503 Service Unavailable</h1></body></html>"
            return Response(503, page, {"content-type": "text/html", "Retry-After": "5"})
        applied = False
        try:
            if fault == "unauthorized":
                raise self.unauthorized()
            self.admit(request)
            if fault != "cut":
                response = self.serve(request)
                applied = True
        except Refusal as refusal:
            response = self.refused(refusal)
        self._note(request, applied)
        return Response(cut=True) if fault.startswith("cut") else response

    def _note(self, request: Request, applied: bool) -> None:
        if request.method == "GET":
            self.reads[request.path] = self.reads.get(request.path, 0) + 1
        else:
            self.writes.append(Write(request.method, request.path, _readable(request), applied))

    def _simulated(self, request: Request) -> Response:
        name = request.path.removeprefix("/_sim/")
        try:
            return Response.of_json(self._scenario(request.method, name, request), X_Sim_Synthetic="1")
        except (ValueError, TypeError, KeyError) as wrong:
            return Response.of_json({"error": f"{name}: {wrong}"}, 400, X_Sim_Synthetic="1")

    def _scenario(self, method: str, name: str, request: Request) -> Any:
        if (method, name) == ("GET", "god"):
            return self.books()
        if method != "POST" or name not in {*self.scenarios, "faults"}:
            known = ", ".join(self.scenarios)
            raise ValueError(f"{method} /_sim/{name} is unknown; known: GET god; POST faults, {known}")
        given = json.loads(request.body or b"{}")
        if name != "faults":
            return {"result": getattr(self, name)(**given)}
        if given.get("clear"):
            self.faults.clear()
        self.plan(*(Fault(**fault) for fault in given.get("plan", [])))
        return {"struck": self.faults.struck}


def _readable(request: Request) -> Any:
    try:
        return request.json()
    except ValueError:
        return request.body.decode("utf-8", "replace")
