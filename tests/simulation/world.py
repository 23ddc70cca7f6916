"""One seeded world: three simulators, a Tieout in memory, one virtual clock, and whatever goes wrong.

Time passes only when nothing can happen now. A crash is an exception of its own that no code of ours catches: everything
in memory is thrown away, the databases and the engine's queue stay, and the next leg starts from them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from simulators.faults import Fault
from simulators.p21.prophet21 import Prophet21
from simulators.stripe import StripeAccount
from simulators.trial import workload
from simulators.trial.auditor import Audit, Evidence, audit
from simulators.trial.pretend import GOD, acknowledged
from simulators.trial.workload import Sale, amounts, prepare, stated, stories
from simulators.webstore import WooCommerceStore
from simulators.wire import Simulator
from simulators.world import VirtualClock, World
from tests.databases import Databases, fresh
from tests.simulation.transport import SimulatorTransport
from tieout.api.webhooks import Receiver, Refusal, examine
from tieout.app.connection_book import ConnectionBook
from tieout.app.house import publish_shipped
from tieout.engine import Rest
from tieout.engine.inline_engine import InlineEngine
from tieout.kernel import crash
from tieout.nodes._ports import Ports
from tieout.operations.keep_connection import keep_connection
from tieout.operations.receive_events import receive_events
from tieout.processes.dispatch import dispatch, reclaim
from tieout.processes.walk_event import walk_event
from tieout.queries.runs import counts, event_lines
from tieout.store import lanes
from tieout.vault.cipher import KEY_BYTES, Vault

SECRET = "whsec_simulation"
READ_KEY = "rk_test_simulation0000000000"
SETTLE_SECONDS = 60
STEPS_MAX = 20_000
STANDSTILL_SECONDS = (0.0, 2.0, 20.0, 100.0, 600.0)
OUTSIDE_TRANSACTIONS = ("write.", "p21.", "stripe.", "webstore.")
OLD_SECONDS = 600.0
LAG = ("does not exist in P21", "is there, but is not what was sent", "The payment should have come with")
ASKED_ABOUT = {"stale_read": LAG, "early_answer": LAG, "wrong_echo": LAG}
"""Kind of fault → words of what a person is asked because of it: a P21 that shows half of a record, or another one."""
TRIES_MAX, TRIED = 14, "It was tried 14 times"
SETTLING_SECONDS_MAX = 3 * 24 * 3600.0


class Crash(BaseException):
    """The process dies here."""


@dataclass(frozen=True, slots=True)
class Luck:
    """How much goes wrong: probabilities of a crash and of a standstill at a crash point, and the faults of each simulator.

    A worker that stands still is taken for dead: another goes on with its work, and then the first wakes up.
    """

    crash: float = 0.0
    freeze: float = 0.0
    p21: tuple[Mapping[str, Any], ...] = ()
    stripe: tuple[Mapping[str, Any], ...] = ()
    store: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """What kind of P21 and Stripe this world has; ``excused`` are words of what this kind refuses by itself."""

    p21_settings: Mapping[str, Any] = field(default_factory=dict)
    p21_options: Mapping[str, Any] = field(default_factory=dict)
    stripe_options: Mapping[str, Any] = field(default_factory=dict)
    excused: tuple[str, ...] = ()


class SimulatedWorld:
    """A world to play sales in; ``run`` lets it come to rest, ``verdict`` audits it."""

    standstill_seconds: tuple[float, ...] = STANDSTILL_SECONDS

    def __init__(self, seed: int, luck: Luck = Luck(), shape: Shape = Shape(), databases: Databases = fresh) -> None:
        self.dice = random.Random(f"world {seed}")
        self.clock = VirtualClock()
        world = World(seed, self.clock)
        self.stripe_account = StripeAccount(world, key=READ_KEY, webhook_secret=SECRET, **shape.stripe_options)
        self.p21_tenant = Prophet21(world, **shape.p21_options)
        self.p21_tenant.seed_books()
        self.web_store = WooCommerceStore(world, "ck_" + "0" * 40, "cs_" + "0" * 40)
        self._settings, self._luck, self.sales, self.crashes = shape.p21_settings, luck, list[Sale](), 0
        self.standstills, self._walking, self._standing = 0, list[str](), False
        self._excused = shape.excused
        self.box, self.books = databases()
        self.vault = Vault(b"k" * KEY_BYTES)
        self._connect()
        publish_shipped(self.books, self.clock.now)
        self.ports = self._fresh_ports()
        self.engine = InlineEngine(self.leg, self.clock.now, self.dice)
        prepare(self)
        self.clock.advance(OLD_SECONDS)

    # -- playing

    def play(self, orders: int) -> None:
        """Let sales happen, some minutes apart, with the faults planned."""
        self._plan_faults()
        for sale in stories(self.dice, orders):
            self.sales.append(sale(self))
            self.run(self.clock.now() + self.dice.uniform(0, 60))

    def play_shuffled(self, order: Sequence[int], copies: int) -> None:
        """One checkout whose events arrive in this order (positions beyond their number are left out), repeatedly."""
        self.sales.append(workload.brand_new(self, random.Random("shuffled")))
        deliveries: list[tuple[bytes, Mapping[str, str]]] = []
        while (due := self.stripe_account.next_due()) is not None:
            self.clock.advance(max(0.0, due - self.clock.now()))
            self.stripe_account.pump(partial(collect, deliveries))
        rest = [place for place in range(len(deliveries)) if place not in order]
        for place in [*order, *rest]:
            for _ in range(copies if place < len(deliveries) else 0):
                assert self.receive(*deliveries[place]) == 200
                self.run(self.clock.now() + 0.3)

    def written(self) -> tuple[tuple[str, str], ...]:
        """What P21 has been given: kind and reference of each live record, and the amount where it has one."""
        books = self.p21_tenant.books()
        return tuple(
            sorted(
                (kind, f"{row['reference']} {row.get('amount', '')}")
                for kind, rows in books.items()
                for row in rows
                if row["reference"] and not row["voided"]
            )
        )

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        for simulator in (self.stripe_account, self.p21_tenant, self.web_store):
            simulator.faults.clear()
        self._luck = Luck()

    def run(self, until: float) -> None:
        """Let everything happen that is due before ``until``."""
        for _ in range(STEPS_MAX):
            if self._surviving(self._step):
                continue
            due = [at for at in (self.engine.next_due, self._next_delivery(), self._next_event()) if at is not None]
            if (not due or min(due) > until) and self.standstills and reclaim(self.ports, self.engine):
                continue
            if not due or min(due) > until:
                self.clock.advance(max(0.0, until - self.clock.now()))
                return
            self.clock.advance(max(0.001, min(due) - self.clock.now()))
        raise AssertionError(f"the world did not come to rest in {STEPS_MAX} steps")

    def settle(self) -> None:
        """Heal, and let time pass until every event has its end."""
        self.heal()
        last = self.clock.now() + SETTLING_SECONDS_MAX
        while self.clock.now() < last:
            self.run(self.clock.now() + 3600)
            if counts(self.books).open == 0 and self._next_delivery() is None and self.engine.next_due is None:
                return
        raise AssertionError(f"not every event has an end: {[x for x in event_lines(self.books) if not x.ended_at]}")

    def verdict(self) -> Audit:
        """What the auditor says of both sides' books."""
        return audit(self.evidence())

    def evidence(self) -> Evidence:
        """What both sides say."""
        lines = [
            {
                name: getattr(line, name)
                for name in ("event_id", "state", "subject", "order_no", "invoice_no", "receipt_no", "sentence")
            }
            for line in event_lines(self.books, limit=5_000)
        ]
        god = json.loads(self.p21_tenant.respond(GOD).body)
        told = acknowledged(self.stripe_account)
        paid = stated(self.stripe_account, self.sales)
        struck = sum(sum(one.faults.struck.values()) for one in (self.stripe_account, self.p21_tenant, self.web_store))
        tried = (TRIED,) if struck >= TRIES_MAX else ()
        asked = [words for kind in self.p21_tenant.faults.struck for words in ASKED_ABOUT.get(kind, ())]
        excused = (*self._excused, *tried, *asked)
        return Evidence(told, lines, god, paid, amounts(self.sales), {}, tuple(self.sales), excused)

    # -- inside

    def _step(self) -> bool:
        if self.stripe_account.pump(self.receive):
            return True
        return dispatch(self.ports, self.engine) > 0 or self.engine.step()

    def receive(self, body: bytes, headers: Mapping[str, str]) -> int:
        """The door: keep an event; answers the status that Stripe gets, 0 when the process died."""
        lowered = {name.lower(): value for name, value in headers.items()}
        receiver = Receiver("stripe", (SECRET,), False, "")
        try:
            kept = examine(receiver, body, lowered.get("stripe-signature"), self.clock.now())
            self._surviving_raise(lambda: receive_events(self.box, [kept]))
        except Refusal as refusal:
            return refusal.status
        except Crash:
            self._restart()
            return 0
        return 200

    def _surviving(self, act: Callable[[], bool]) -> bool:
        try:
            self._surviving_raise(act)
        except Crash:
            self._restart()
            return True
        return self._last

    def _surviving_raise(self, act: Callable[[], Any]) -> None:
        stop = crash.on_crash_point(self._maybe_die)
        try:
            self._last = act()
        finally:
            stop()

    def _maybe_die(self, name: str) -> None:
        if self._luck.crash and self.dice.random() < self._luck.crash:
            raise Crash
        may_stand = self._walking and not self._standing and name.startswith(OUTSIDE_TRANSACTIONS)
        if may_stand and self._luck.freeze and self.dice.random() < self._luck.freeze:
            self._stand_still(taken_over=self.dice.random() < 0.5)

    def _stand_still(self, *, taken_over: bool) -> None:
        """This leg stops where it is; others do all there is to do, the same leg too when it is taken over; then it goes on."""
        self._standing, self.standstills = True, self.standstills + 1
        kept = [] if taken_over else self.engine.hold(self._walking[-1])
        stopped, self.ports = self.ports, self._fresh_ports()
        try:
            self.run(self.clock.now() + self.dice.choice(self.standstill_seconds))
        finally:
            self.ports, self._standing = stopped, False
            self.engine.release(kept)

    def _restart(self) -> None:
        self.crashes += 1
        self.ports = self._fresh_ports()

    def leg(self, argument: str) -> Rest:
        """One leg of an event, as the engine calls it."""
        self._walking.append(argument)
        try:
            return walk_event(self.ports, argument)
        finally:
            self._walking.pop()

    def _fresh_ports(self) -> Ports:
        connections = ConnectionBook(self.books, self.vault, self.clock.now, self._transport)
        return Ports(self.box, self.books, self.clock.now, self.dice.random, connections)

    def _transport(self, name: str) -> SimulatorTransport:
        simulators: dict[str, Simulator] = {
            "stripe": self.stripe_account,
            "p21": self.p21_tenant,
            "webstore": self.web_store,
        }
        return SimulatorTransport(simulators[name], self.clock)

    def _next_delivery(self) -> float | None:
        return self.stripe_account.next_due()

    def _next_event(self) -> float | None:
        with self.books.reading() as db:
            return lanes.next_due(db)

    def _plan_faults(self) -> None:
        for simulator, planned in (
            (self.stripe_account, self._luck.stripe),
            (self.p21_tenant, self._luck.p21),
            (self.web_store, self._luck.store),
        ):
            simulator.faults.plan(*(Fault(**fault) for fault in planned))

    def _connect(self) -> None:
        p21 = {
            "base_url": "http://127.0.0.1:1",
            "company_id": "ACME",
            "username": "tieout",
            "location_id": 10,
            "terms": "1",
            "salesrep": "812",
            "branch": "01",
            "payment_type_id": 5,
            "bank_no": 2,
            "currencies": {"usd": 1, "eur": 2, "gbp": 3, "cad": 4, "jpy": 5},
            "settle_seconds": SETTLE_SECONDS,
            "calls_per_second": 1000,
            **self._settings,
        }
        secret = {"password": self.p21_tenant.options.password, "gateway_key": self.p21_tenant.options.gateway_key}
        stripe = {"api_base": "http://127.0.0.1:1", "calls_per_second": 1_000_000, "settle_seconds": 5}
        store = {"url": "http://127.0.0.1:1", "settle_seconds": 5}
        store_secret = {"consumer_key": "ck_" + "0" * 40, "consumer_secret": "cs_" + "0" * 40}
        keep_connection(self.books, self.vault, "stripe", "stripe", stripe, {"restricted_key": READ_KEY})
        keep_connection(self.books, self.vault, "p21", "p21", p21, secret)
        keep_connection(self.books, self.vault, "webstore", "woocommerce", store, store_secret)


def collect(deliveries: list[tuple[bytes, Mapping[str, str]]], body: bytes, headers: Mapping[str, str]) -> int:
    deliveries.append((body, dict(headers)))
    return 200
