"""The pretend systems of a trial, each on a port of its own, and a Tieout connected to them as a person would."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from simulators.p21.prophet21 import Prophet21
from simulators.server import Serving
from simulators.stripe import CURRENT, Delivering, StripeAccount
from simulators.trial.auditor import Audit, Evidence, audit
from simulators.trial.processes import Tieout, get_json
from simulators.trial.workload import CURRENCIES, Sale, amounts, prepare, stated
from simulators.webstore import WooCommerceStore
from simulators.wire import Request, Simulator
from simulators.world import Clock, World

GOD = Request.of("GET", "/_sim/god", {})
STORE_KEY, STORE_SECRET = "ck_" + "5" * 40, "cs_" + "5" * 40
STRIPE_KEY = "rk_test_" + "5" * 24
SIGNING_SECRET = "whsec_" + "5" * 32
PAGE_EVENTS = 5000
MISSING_SECONDS = 8.0


class PretendSystems:
    """A Stripe account, a Prophet 21 and a WooCommerce store over one seed, served until closed.

    ``stripe_clock`` may be another time for the account alone; ``traits`` are further fields of ``state.Traits``.
    """

    def __init__(
        self,
        seed: int,
        *,
        settle_seconds: float = 3.0,
        retry_first_seconds: float = 1.0,
        api_version: str = CURRENT,
        stripe_clock: Clock | None = None,
        p21_options: Mapping[str, Any] | None = None,
        **traits: Any,
    ) -> None:
        world = World(seed)
        self.stripe_account = StripeAccount(
            World(seed, stripe_clock),
            key=STRIPE_KEY,
            webhook_secret=SIGNING_SECRET,
            api_version=api_version,
            settle_seconds=settle_seconds,
            retry_first_seconds=retry_first_seconds,
            **traits,
        )
        self.p21_tenant = Prophet21(world, **(p21_options or {}))
        self.web_store = WooCommerceStore(world, STORE_KEY, STORE_SECRET)
        self.p21_tenant.seed_books()
        simulators: dict[str, Simulator] = {
            "stripe": self.stripe_account,
            "p21": self.p21_tenant,
            "webstore": self.web_store,
        }
        self._serving: dict[str, Serving] = {name: Serving(one) for name, one in simulators.items()}
        self.stripe_url, self.p21_url, self.store_url = (one.url for one in self._serving.values())
        self._delivering: Delivering | None = None
        self._quiet, self._quiet_since = (0, 0), time.monotonic()
        prepare(self)

    def deliver_to(self, url: str) -> None:
        """Deliver webhooks there from now on."""
        self._delivering = Delivering(self.stripe_account, url)

    def at_rest(self) -> bool:
        """Whether Stripe has nothing more to tell."""
        return self.stripe_account.has_told_all()

    def all_ended(self, tieout: Tieout) -> bool:
        """Whether Stripe has nothing more to tell and every event it told has its end.

        An event that was acknowledged and never turns up is waited for a while; then the auditor shall say so.
        """
        told = self._told()
        counts = get_json(f"{tieout.page}/api/counts", 30)
        if told is None or counts["open"] or told != self._told():
            self._quiet_since = time.monotonic()
            return False
        complete: bool = counts["acked"] >= told > 0
        if complete or (told, counts["acked"]) != self._quiet:
            self._quiet, self._quiet_since = (told, counts["acked"]), time.monotonic()
        return complete or time.monotonic() - self._quiet_since > MISSING_SECONDS

    def _told(self) -> int | None:
        """How many events were acknowledged; None while Stripe has more to tell."""
        return len(acknowledged(self.stripe_account)) if self.at_rest() else None

    @contextmanager
    def switched_off(self, name: str) -> Iterator[None]:
        """Stripe's API (``stripe``; it goes on delivering webhooks), ``p21`` or ``webstore`` is off for a while."""
        serving = self._serving[name]
        serving.close()
        try:
            yield
        finally:
            self._serving[name] = Serving(serving.simulator, serving.port)

    def stop_delivering(self) -> None:
        """Deliver no webhook by itself any more."""
        if self._delivering:
            self._delivering.close()
            self._delivering = None

    def verdict(self, tieout: Tieout, sales: list[Sale]) -> Audit:
        """What the auditor says once everything has come to rest."""
        return audit(self.evidence(tieout, sales))

    def evidence(self, tieout: Tieout, sales: list[Sale]) -> Evidence:
        """What both sides say."""
        events = all_events(tieout)
        god = json.loads(self.p21_tenant.respond(GOD).body)
        told, paid = acknowledged(self.stripe_account), stated(self.stripe_account, sales)
        return Evidence(told, events, god, paid, amounts(sales), sales=tuple(sales))

    def close(self) -> None:
        """Stop delivering and serving."""
        self.stop_delivering()
        for one in self._serving.values():
            one.close()


def all_events(tieout: Tieout) -> list[dict[str, Any]]:
    """Tieout's whole list, newest first."""
    found: list[dict[str, Any]] = []
    while True:
        before = found[-1]["seq"] if found else 0
        page = get_json(f"{tieout.page}/api/events?limit={PAGE_EVENTS}&before={before}", 60)
        found += page
        if len(page) < PAGE_EVENTS:
            return found


def acknowledged(account: StripeAccount) -> frozenset[str]:
    """The ids of events that got a 2xx."""
    return frozenset(str(event["id"]) for event in account.events() if event["acknowledged"])


def connect(
    tieout: Tieout, systems: PretendSystems, p21: Mapping[str, str] | None = None, *, settle_seconds: int = 10
) -> None:
    """Connect a fresh Tieout to the pretend systems with its own commands; ``p21`` are settings to add or replace."""
    tieout.run(
        *("connect", "stripe", "--set", f"api_base={systems.stripe_url}", "--set", "calls_per_second=100000"),
        TIEOUT_STRIPE_KEY=STRIPE_KEY,
        TIEOUT_STRIPE_WEBHOOK_SECRET=SIGNING_SECRET,
    )
    chosen = {
        "base_url": systems.p21_url,
        "company_id": "ACME",
        "username": systems.p21_tenant.options.username,
        "location_id": "10",
        "terms": "1",
        "salesrep": "812",
        "branch": "01",
        "payment_type_id": "5",
        "bank_no": "2",
        "settle_seconds": str(settle_seconds),
        "calls_per_second": "1000",
        **{f"currencies.{code}": str(number) for code, number in CURRENCIES.items()},
        **(p21 or {}),
    }
    gateway = chosen.get("dialect") == "gateway"
    options = systems.p21_tenant.options
    settings = [word for name, value in chosen.items() for word in ("--set", f"{name}={value}")]
    tieout.run("connect", "p21", *settings, TIEOUT_P21_SECRET=options.gateway_key if gateway else options.password)
    tieout.run(
        *("connect", "webstore", "woocommerce", "--set", f"url={systems.store_url}"),
        TIEOUT_STORE_KEY=STORE_KEY,
        TIEOUT_STORE_SECRET=STORE_SECRET,
    )
