"""The pretend systems of a trial, each on a port of its own, and a Tieout connected to them as a person would."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import Any

from simulators.p21.prophet21 import Prophet21
from simulators.server import Serving
from simulators.stripe import Delivering, StripeAccount
from simulators.trial.auditor import Audit, Evidence, audit
from simulators.trial.processes import Tieout, get_json
from simulators.trial.workload import CURRENCIES, Sale, prepare
from simulators.webstore import WooCommerceStore
from simulators.wire import Request
from simulators.world import World

GOD = Request.of("GET", "/_sim/god", {})
STORE_KEY, STORE_SECRET = "ck_" + "5" * 40, "cs_" + "5" * 40
STRIPE_KEY = "rk_test_" + "5" * 24
SIGNING_SECRET = "whsec_" + "5" * 32
EVENTS_MAX = 5000


class PretendSystems:
    """A Stripe account, a Prophet 21 and a WooCommerce store over one seed, served until closed."""

    def __init__(self, seed: int, *, settle_seconds: float = 3.0, retry_first_seconds: float = 1.0) -> None:
        world = World(seed)
        traits = {"settle_seconds": settle_seconds, "retry_first_seconds": retry_first_seconds}
        self.stripe_account = StripeAccount(world, key=STRIPE_KEY, webhook_secret=SIGNING_SECRET, **traits)
        self.p21_tenant = Prophet21(world)
        self.web_store = WooCommerceStore(world, STORE_KEY, STORE_SECRET)
        self.p21_tenant.seed_books()
        self._serving = [Serving(one) for one in (self.stripe_account, self.p21_tenant, self.web_store)]
        self.stripe_url, self.p21_url, self.store_url = (one.url for one in self._serving)
        self._delivering: Delivering | None = None
        prepare(self)

    def stripe(self, builder: str, **given: Any) -> dict[str, Any]:
        """Make something in Stripe."""
        return as_dict(getattr(self.stripe_account, builder)(**given))

    def p21(self, builder: str, **given: Any) -> dict[str, Any]:
        """Make something in P21."""
        return {"made": getattr(self.p21_tenant, builder.replace("seed-", "add_"))(**given)}

    def store(self, builder: str, **given: Any) -> dict[str, Any]:
        """Make something in the web store."""
        return as_dict(getattr(self.web_store, builder)(**given))

    def deliver_to(self, url: str) -> None:
        """Deliver webhooks there from now on."""
        self._delivering = Delivering(self.stripe_account, url)

    def undelivered(self) -> int:
        """How many deliveries are still to be made."""
        return self.stripe_account.undelivered()

    def verdict(self, tieout: Tieout, sales: list[Sale]) -> Audit:
        """What the auditor says once everything has come to rest."""
        events = get_json(f"{tieout.page}/api/events?limit={EVENTS_MAX}", 60)
        payments = {sale.payment for sale in sales}
        stated = {event: one for event, one in self.stripe_account.stated().items() if one in payments}
        god = Request.json(Request("GET", "/", body=self.p21_tenant.respond(GOD).body))
        return audit(Evidence(frozenset(self.stripe_account.acknowledged()), events, god, stated))

    def close(self) -> None:
        """Stop delivering and serving."""
        if self._delivering:
            self._delivering.close()
        for one in self._serving:
            one.close()


def connect(tieout: Tieout, systems: PretendSystems, *, settle_seconds: int = 10, **p21: str) -> None:
    """Connect a fresh Tieout to the pretend systems with its own commands."""
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
        "time_zone": "America/New_York",
        "payment_type_id": "1",
        "bank_no": "1",
        "settle_seconds": str(settle_seconds),
        "calls_per_second": "1000",
        **{f"currencies.{code}": str(number) for code, number in CURRENCIES.items()},
        **p21,
    }
    gateway = chosen.get("dialect") == "gateway"
    options = systems.p21_tenant.options
    settings = [word for name, value in chosen.items() for word in ("--set", f"{name}={value}")]
    tieout.run("connect", "p21", *settings, TIEOUT_P21_SECRET=options.gateway_key if gateway else options.password)
    tieout.run(
        *("connect", "webstore", "woocommerce", "--set", f"base_url={systems.store_url}"),
        TIEOUT_STORE_KEY=STORE_KEY,
        TIEOUT_STORE_SECRET=STORE_SECRET,
    )


def as_dict(made: Any) -> dict[str, Any]:
    """What a builder made, by names."""
    return asdict(made) if is_dataclass(made) and not isinstance(made, type) else dict(made)
