"""The state of the pretend account: its objects, what is due later, and the one way to tell of a change."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulators.stripe.ids import Ids
from simulators.stripe.tables import Row, Table
from simulators.world import World

CURRENT, OLD = "2026-10-28.endive", "2024-06-20"
ACCOUNT = "acct_1SimTieoutSandbox0"
SCHEDULES = ("manual", "daily")
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Traits:
    """What one pretend account is like.

    ``settle_seconds`` pass before a charge has its balance transaction (B1: null first); ``events_lag_seconds`` pass
    before an event is listed (B3); ``retry_first_seconds`` is the first pause of the delivery's back-off;
    ``sandbox_retries`` gives up after three retries instead of three days; ``noise`` adds events nobody needs;
    ``rate_limits`` turns B6 on. A charge in ``settlement`` or one of ``settlements`` is booked in its own currency,
    every other in ``settlement``; it can be paid out ``available_days`` later. ``payout_schedule`` daily pays out by
    itself each midnight (UTC); payouts go on by themselves if ``payouts_move``, and the rows of an automatic one are
    known for sure after ``reconcile_seconds``.
    """

    account_id: str = ACCOUNT
    api_version: str = CURRENT
    livemode: bool = False
    settlement: str = "usd"
    country: str = "US"
    business_name: str = "Pretend Supply Co."
    settle_seconds: float = 3.0
    events_lag_seconds: float = 0.0
    retry_first_seconds: float = 60.0
    sandbox_retries: bool = False
    noise: bool = True
    rate_limits: bool = False
    settlements: tuple[str, ...] = ()
    available_days: int = 2
    payout_schedule: str = "manual"
    payouts_move: bool = True
    reconcile_seconds: float = 6 * 3600.0

    def __post_init__(self) -> None:
        if self.payout_schedule not in SCHEDULES:
            raise ValueError(f"payout_schedule {self.payout_schedule!r} is none of {', '.join(SCHEDULES)}")


@dataclass(frozen=True, slots=True)
class Cause:
    """The API request behind a change; both null when a person or Stripe itself made it."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass
class Books:
    """Everything the account knows. Not thread-safe: its owner holds the lock."""

    world: World
    traits: Traits
    cause: Cause = field(default_factory=Cause)
    tell: Callable[[str, Row, Row | None], None] = lambda _type, _row, _previous: None

    def __post_init__(self) -> None:
        self.ids = Ids(self.world.dice(f"stripe/{self.traits.account_id}/ids"), self.traits.livemode)
        self.tables = {kind: Table(kind, indexed) for kind, indexed in _KINDS.items()}
        self._due: list[tuple[float, int, Callable[[], None], str]] = []
        self._order = itertools.count()
        self._now = 0.0
        self._then: float | None = None
        self._first_day = int(self.now()) // DAY_SECONDS

    def now(self) -> float:
        """The account's time in seconds since 1970; what was due earlier happens at its own time."""
        if self._then is not None:
            return self._then
        self._now = max(self._now, self.world.clock.now())
        return self._now

    def days(self) -> int:
        """Days (UTC) since the account was opened."""
        return int(self.now()) // DAY_SECONDS - self._first_day

    def put(self, row: Row) -> Row:
        """Keep a new object."""
        self.tables[row["object"]].add(row)
        return row

    def find(self, object_id: str) -> Row | None:
        """The object with this id, of whatever kind."""
        kind = _BY_PREFIX.get(object_id.split("_", 1)[0])
        return self.tables[kind].get(object_id) if kind else None

    def need(self, object_id: str, kind: str = "") -> Row:
        """The object with this id; ValueError when there is none (of this kind)."""
        row = self.find(object_id)
        if row is None or (kind and row["object"] != kind):
            raise ValueError(f"there is no {kind or 'object'} {object_id!r}")
        return row

    def emit(self, event_type: str, row: Row, previous: Row | None = None) -> None:
        """Tell of a change: an event with the object as it is now."""
        self.tell(event_type, row, previous)

    def murmur(self, event_type: str, row: Row) -> None:
        """Tell of what hardly anybody wants to know, if this account has ``noise``."""
        if self.traits.noise:
            self.emit(event_type, row)

    def later(self, seconds: float, action: Callable[[], None], of: str = "") -> None:
        """Let ``action`` happen when ``seconds`` have passed, unless ``call_off`` names what it is ``of`` before."""
        heapq.heappush(self._due, (self.now() + seconds, next(self._order), action, of))

    def call_off(self, of: str) -> None:
        """Let nothing happen any more that was to happen later of this."""
        self._due = [due for due in self._due if due[3] != of]
        heapq.heapify(self._due)

    def tick(self) -> None:
        """Let everything happen that is due, in order and at the time it was due."""
        until = self.now()
        while self._due and self._due[0][0] <= until:
            self._then, _, action, _ = heapq.heappop(self._due)
            try:
                action()
            finally:
                self._then = None

    def next_due(self) -> float | None:
        """When the next thing happens by itself."""
        return self._due[0][0] if self._due else None

    def blank(self, kind: str, **fields: Any) -> Row:
        """A new object of a kind with what all objects share; ``metadata`` becomes a copy."""
        base = {"id": self.ids.new(kind), "object": kind, "created": int(self.now()), "livemode": self.traits.livemode}
        return {**base, **fields, "metadata": {k: str(v) for k, v in (fields.get("metadata") or {}).items()}}


_KINDS = {
    "customer": ("email",),
    "product": (),
    "price": ("product",),
    "charge": ("payment_intent", "customer"),
    "payment_intent": ("customer",),
    "checkout.session": ("payment_intent", "customer"),
    "invoice": ("customer",),
    "invoice_payment": ("_payment_intent", "invoice"),
    "balance_transaction": ("source", "_payout"),
    "refund": ("charge",),
    "payout": (),
    "credit_note": ("invoice", "customer"),
    "customer_balance_transaction": ("customer",),
    "topup": (),
    "dispute": ("charge",),
    "bank_account": ("currency",),
    "webhook_endpoint": (),
    "event": (),
}
_BY_PREFIX = {
    "cus": "customer", "prod": "product", "price": "price", "ch": "charge", "pi": "payment_intent",
    "cs": "checkout.session", "in": "invoice", "inpay": "invoice_payment", "txn": "balance_transaction",
    "re": "refund", "po": "payout", "ba": "bank_account", "du": "dispute", "cn": "credit_note",
    "cbtxn": "customer_balance_transaction", "tu": "topup", "we": "webhook_endpoint", "evt": "event",
}  # fmt: skip
