"""Delivers events to endpoints: at least once, in no order, with back-off for three days (Stripe facts B3)."""

from __future__ import annotations

import heapq
import itertools
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from simulators.faults import Fault, Faults
from simulators.stripe.events import Event, EventLog, event_shown, thin_shown
from simulators.stripe.signature import signature_header
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

RETRY_SECONDS_MAX = 8 * 3600
GIVE_UP_SECONDS = 3 * 86_400
DISABLE_SECONDS = 9 * 86_400
SANDBOX_ATTEMPTS = 4
STALE_SECONDS = 3600
KINDS = frozenset({"duplicate", "reorder", "drop", "never_generated", "twin", "forge"})

Post = Callable[[bytes, dict[str, str]], int]


@dataclass
class Endpoint:
    """Where events go: ``row`` is the API's object, ``secrets`` pairs each secret with when it dies (None: never)."""

    row: Row
    secrets: list[tuple[str, float | None]]
    thin: bool = False
    failing_since: float | None = None
    queue: list[tuple[float, int, Sending]] = field(default_factory=list)

    def wants(self, event_type: str) -> bool:
        """Whether the endpoint is told of this type."""
        return self.row["status"] == "enabled" and bool({"*", event_type} & set(self.row["enabled_events"]))


@dataclass(frozen=True, slots=True)
class Sending:
    """One planned attempt; ``forged`` names what is wrong with it, if it does not come from Stripe.

    ``signed`` is what the signature is made over; it differs from ``body`` in a forged one only.
    """

    event: Event
    attempt: int
    body: bytes
    signed: bytes
    forged: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it went; status 0 means that no answer came."""

    event_id: str
    type: str
    endpoint_id: str
    attempt: int
    status: int
    at: float
    forged: str


class Delivery:
    """All endpoints and what is still to be delivered; the owner's lock is taken, but never held while posting."""

    def __init__(self, books: Books, log: EventLog, faults: Faults, lock: AbstractContextManager[object]) -> None:
        self._books, self._log, self._faults, self._lock = books, log, faults, lock
        self._dice = books.world.dice(f"stripe/{books.traits.account_id}/delivery")
        self._order = itertools.count()
        self.endpoints: dict[str, Endpoint] = {}
        self.attempts: list[Attempt] = []
        self.under_way = 0

    def tell(self, event_type: str, row: Row, previous: Row | None) -> None:
        """Record a change and plan its deliveries."""
        for event in self._log.record(event_type, row, previous):
            wanting = [each for each in self.endpoints.values() if each.wants(event_type)]
            for endpoint in wanting:
                event.states[endpoint.row["id"]] = "pending"
            for endpoint in wanting:
                self._plan(endpoint, event)

    def _plan(self, endpoint: Endpoint, event: Event) -> None:
        if self._faults.draw(event.type, "drop"):
            event.states[endpoint.row["id"]] = "dropped"
            return
        body = self._body(endpoint, event)
        first = Sending(event, 1, body, body)
        delayed = self._faults.draw(event.type, "reorder")
        self._push(endpoint, first, (delayed.seconds or 30.0) * self._dice.random() if delayed else 0.0)
        again = self._faults.draw(event.type, "duplicate")
        if again:
            self._push(endpoint, first, again.seconds)
        forged = self._faults.draw(event.type, "forge")
        if forged:
            self._push(endpoint, self._forgery(first, forged), forged.seconds)

    def _body(self, endpoint: Endpoint, event: Event) -> bytes:
        if endpoint.thin:
            return json.dumps(thin_shown(self._books, self._log.with_thin_id(event))).encode()
        version = endpoint.row["api_version"] or self._books.traits.api_version
        return json.dumps(event_shown(self._books, event, version), indent=2).encode()

    def _forgery(self, true: Sending, fault: Fault) -> Sending:
        how = fault.detail.get("how", "signature")
        body = true.body.replace(b'"amount": ', b'"amount": 9') + b" " if how == "body" else true.body
        return Sending(true.event, 1, body, true.body, how)

    def _push(self, endpoint: Endpoint, sending: Sending, seconds: float) -> None:
        heapq.heappush(endpoint.queue, (self._books.now() + seconds, next(self._order), sending))

    def pump(self, post: Post, endpoint_id: str = "") -> int:
        """Post all that is due at this moment, to one endpoint or to all; the number of posts."""
        count, horizon = 0, self._books.world.clock.now()
        while (due := self._take(endpoint_id, horizon)) is not None:
            endpoint, sending, headers = due
            try:
                self._conclude(endpoint, sending, _status(post, sending.body, headers))
            finally:
                with self._lock:
                    self.under_way -= 1
            count += 1
        return count

    def _take(self, endpoint_id: str, horizon: float) -> tuple[Endpoint, Sending, dict[str, str]] | None:
        with self._lock:
            self._books.tick()
            queues = [each for name, each in self.endpoints.items() if each.queue and endpoint_id in ("", name)]
            if not queues:
                return None
            endpoint = min(queues, key=lambda each: each.queue[0][:2])
            if endpoint.queue[0][0] > horizon:
                return None
            sending = heapq.heappop(endpoint.queue)[2]
            self.under_way += 1
            return endpoint, sending, self._headers(endpoint, sending)

    def _headers(self, endpoint: Endpoint, sending: Sending) -> dict[str, str]:
        now = self._books.now()
        secrets = [secret for secret, dies in endpoint.secrets if dies is None or now < dies]
        if sending.forged == "signature":
            secrets = ["whsec_of_somebody_else"]
        stamp = int(now) - (STALE_SECONDS if sending.forged == "stale" else 0)
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (simulated)"}
        if sending.forged == "unsigned":
            return headers
        return {**headers, "Stripe-Signature": signature_header(sending.signed, secrets, stamp)}

    def _conclude(self, endpoint: Endpoint, sending: Sending, status: int) -> None:
        with self._lock:
            event, name, now = sending.event, endpoint.row["id"], self._books.now()
            self.attempts.append(Attempt(event.id, event.type, name, sending.attempt, status, now, sending.forged))
            if sending.forged:
                return
            if 200 <= status < 300:
                event.states[name], endpoint.failing_since = "delivered", None
            else:
                self._failed(endpoint, sending, now)

    def _failed(self, endpoint: Endpoint, sending: Sending, now: float) -> None:
        endpoint.failing_since = now if endpoint.failing_since is None else endpoint.failing_since
        pause = min(self._books.traits.retry_first_seconds * 2 ** (sending.attempt - 1), RETRY_SECONDS_MAX)
        pause *= self._dice.uniform(0.9, 1.1)
        if now - endpoint.failing_since >= DISABLE_SECONDS:
            self.disable(endpoint)
        elif self._gives_up(sending, now + pause):
            self._lose(endpoint, sending.event)
        else:
            self._push(endpoint, replace(sending, attempt=sending.attempt + 1), pause)

    def _gives_up(self, sending: Sending, at: float) -> bool:
        if self._books.traits.sandbox_retries and sending.attempt >= SANDBOX_ATTEMPTS:
            return True
        return at - sending.event.created > GIVE_UP_SECONDS

    def _lose(self, endpoint: Endpoint, event: Event) -> None:
        if event.states[endpoint.row["id"]] == "pending":
            event.states[endpoint.row["id"]] = "failed"

    def disable(self, endpoint: Endpoint) -> None:
        """Switch an endpoint off: what was still to be delivered is not, though it stays listed."""
        endpoint.row["status"], endpoint.failing_since = "disabled", None
        for _, _, sending in endpoint.queue:
            self._lose(endpoint, sending.event)
        endpoint.queue.clear()

    def forget(self, event: Event) -> None:
        """Deliver an event no more; what is under way at this moment still arrives."""
        for name, endpoint in self.endpoints.items():
            endpoint.queue = [due for due in endpoint.queue if due[2].event is not event]
            heapq.heapify(endpoint.queue)
            if event.states.get(name) == "pending":
                event.states[name] = "forgotten"

    def resend(self, endpoint: Endpoint, event: Event) -> None:
        """Send an event once more, as a person can from the dashboard; automatic retries go on (B3)."""
        body = self._body(endpoint, event)
        self._push(endpoint, Sending(event, 1, body, body), 0.0)

    def next_due(self) -> float | None:
        """When the next attempt is due."""
        return min((each.queue[0][0] for each in self.endpoints.values() if each.queue), default=None)


def _status(post: Post, body: bytes, headers: dict[str, str]) -> int:
    try:
        return post(body, headers)
    except OSError:
        return 0
