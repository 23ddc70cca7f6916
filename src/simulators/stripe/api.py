"""One API call from its headers to its answer, in the order in which Stripe looks at it, faults included."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from simulators.faults import Fault, Faults
from simulators.stripe.errors import Refusal, invalid, server_error, unknown_path
from simulators.stripe.events import EventLog, thin_shown
from simulators.stripe.expansion import Expansion
from simulators.stripe.forms import nested, read_form
from simulators.stripe.idempotency import Idempotency, Kept
from simulators.stripe.keys import Keys, RateLimit, expired, locked, too_many
from simulators.stripe.reading import Reading
from simulators.stripe.resources import Place, locate
from simulators.stripe.state import Books, Cause
from simulators.stripe.tables import Row
from simulators.stripe.versions import check_version, is_old
from simulators.stripe.writing import Writing
from simulators.wire import Request, Response

KINDS = frozenset(
    {
        "rate_limit",
        "lock_timeout",
        "server_error",
        "error_after_commit",
        "cut",
        "cut_after_commit",
        "expired_key",
        "missing_permission",
    }
)
_CUT = Response(cut=True)
_THIN = "/v2/core/events/"


@dataclass(slots=True)
class Call:
    """One call, understood."""

    request: Request
    request_id: str
    key: str
    version: str
    place: Place
    params: dict[str, Any] = field(default_factory=dict)
    delay_seconds: float = 0.0

    @property
    def writes(self) -> bool:
        """Whether the call changes something."""
        return self.request.method != "GET"

    @property
    def operation(self) -> str:
        """The call's name as faults know it."""
        return self.place.operation(self.request.method)

    @property
    def permission(self) -> str:
        """What a restricted key needs for the call."""
        return f"{self.place.resource.permission}_{'write' if self.writes else 'read'}"


class Api:
    """Answers API calls. Not thread-safe: its owner holds the lock."""

    def __init__(
        self, books: Books, log: EventLog, keys: Keys, faults: Faults, reading: Reading, writing: Writing
    ) -> None:
        self._books, self._log, self._keys, self._faults = books, log, keys, faults
        self._reading, self._writing = reading, writing
        self._rate = RateLimit()
        self.idempotency = Idempotency()

    def answer(self, request: Request) -> Response:
        """Answer one call."""
        request_id = self._books.ids.new("request")
        version = request.headers.get("stripe-version") or self._books.traits.api_version
        try:
            response = self._answer(request, request_id, version)
        except Refusal as refusal:
            response = Response.of_json(refusal.body(), refusal.status, **refusal.headers)
        shared = {"Request-Id": request_id, "Stripe-Version": version}
        if "idempotency-key" in request.headers:
            shared["Idempotency-Key"] = request.headers["idempotency-key"]
        headers = {**shared, **response.headers}
        return Response(response.status, response.body, headers, response.delay_seconds, response.cut)

    def _answer(self, request: Request, request_id: str, version: str) -> Response:
        key = self._keys.check(request)
        if request.path.startswith(_THIN):
            return self._thin(key, request.path.removeprefix(_THIN))
        check_version(version)
        place = locate(request.method, request.path)
        if place.resource.since_basil and is_old(version):
            raise unknown_path(request.method, request.path)
        call = Call(request, request_id, key, version, place)
        slow = self._faults.draw(call.operation, "slow")
        call.delay_seconds = slow.seconds if slow else 0.0
        response = self._allowed(call)
        return Response(response.status, response.body, response.headers, call.delay_seconds, response.cut)

    def _thin(self, key: str, thin_id: str) -> Response:
        self._keys.require(key, "event_read")
        event = self._log.thin(thin_id)
        if event is None:
            raise Refusal(404, f"There is no event {thin_id}.", code="not_found")
        return Response.of_json(thin_shown(self._books, event))

    def _allowed(self, call: Call) -> Response:
        fault = self._faults.draw(call.operation, *KINDS)
        if fault is not None:
            self._refuse(call, fault)
        self._keys.require(call.key, call.permission)
        if self._books.traits.rate_limits:
            self._rate.count(call.operation, self._books.now())
        pairs = [(name, value) for name, values in call.request.query.items() for value in values]
        call.params = nested(pairs) | (read_form(call.request.body) if call.writes else {})
        if call.writes:
            return self._write(call, fault)
        if fault is not None and fault.kind.startswith("cut"):
            return _CUT
        if fault is not None:
            raise server_error()
        return Response.of_json(self._executed(call))

    def _refuse(self, call: Call, fault: Fault) -> None:
        """Raise what a fault that strikes before everything else makes of the call."""
        if fault.kind == "rate_limit":
            refusal = too_many()
            refusal.headers |= {name: str(value) for name, value in fault.detail.get("headers", {}).items()}
            raise refusal
        if fault.kind == "lock_timeout":
            raise locked()
        if fault.kind == "expired_key":
            raise expired(call.key)
        if fault.kind == "missing_permission":
            raise self._keys.lacking(call.key, fault.detail.get("permission", call.permission))

    def _write(self, call: Call, fault: Fault | None) -> Response:
        request, now = call.request, self._books.now()
        key = request.headers.get("idempotency-key", "")
        seen = self.idempotency.see(request.method, request.path, call.params, key)
        if fault is not None and fault.kind == "cut":
            return _CUT
        replayed = self.idempotency.replay(key, self._fingerprint(call), now) if key else None
        if replayed is not None:
            return replayed
        response = self._struck(call, fault, seen.idempotency_key)
        seen.applied += fault is None or fault.kind != "server_error"
        if key:
            kept = Kept(self._fingerprint(call), now, call.request_id, now + call.delay_seconds, response)
            self.idempotency.keep(key, kept)
        return _CUT if fault is not None and fault.kind == "cut_after_commit" else response

    def _struck(self, call: Call, fault: Fault | None, key: str) -> Response:
        failure = server_error()
        failed = Response.of_json(failure.body(), failure.status, **failure.headers)
        if fault is not None and fault.kind == "server_error":
            return failed
        self._books.cause = Cause(call.request_id, key or None)
        try:
            response = Response.of_json(self._executed(call))
        finally:
            self._books.cause = Cause()
        return failed if fault is not None and fault.kind == "error_after_commit" else response

    def _executed(self, call: Call) -> Row:
        paths = call.params.get("expand", [])
        if not isinstance(paths, list):
            raise invalid("expand", "Invalid array: expand is a list of properties.")
        reader = Expansion(self._books, call.version, lambda name: self._keys.require(call.key, name))
        if call.writes:
            row = self._writing.answer(call.request.method, call.place, call.params, call.version)
        else:
            row = self._reading.answer(call.place, call.params, call.version)
        return reader.expand(row, paths)

    def _fingerprint(self, call: Call) -> str:
        return f"{call.request.method} {call.request.path} {json.dumps(call.params, sort_keys=True)}"
