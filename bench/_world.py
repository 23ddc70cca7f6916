"""The pretend systems in a process of their own: neither their CPU nor their interpreter lock counts for what is measured."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.managers import BaseManager
from typing import cast

from simulators.server import Serving
from simulators.stripe import Delivering
from simulators.trial.auditor import Audit
from simulators.trial.pretend import STORE_KEY, STORE_SECRET, STRIPE_KEY, PretendSystems, acknowledged, connect
from simulators.trial.processes import Tieout
from simulators.trial.workload import CURRENCIES, EVERYDAY, Sale
from simulators.wire import Request, Response, Simulator

SEED = 1
_ID = re.compile(r"/((pi|ch|cus|in|price|cs_test)_[0-9A-Za-z]+|[0-9]+)(?=/|$)")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the systems are and how to get in."""

    stripe: str
    stripe_key: str
    p21: str
    p21_user: str
    p21_password: str
    store: str
    store_login: tuple[str, str]
    currencies: dict[str, int]


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in P21: each order as (total, tax, currency), each receipt's amount, both sorted; and what is twice."""

    orders: list[tuple[str, str, int]]
    receipts: list[str]
    doubled: list[str]


class World:
    """One world of a fixed seed: the same orders are paid in each, whoever works on them."""

    def __init__(self) -> None:
        self._systems = PretendSystems(SEED, settle_seconds=0.0)
        self._sales: list[Sale] = []
        self._requests = Counter[str]()
        self._counting = threading.Lock()
        self._delivering: Delivering | None = None
        systems = self._systems
        systems.stripe_url = self._counted("stripe", systems.stripe_account)
        systems.p21_url = self._counted("p21", systems.p21_tenant)
        systems.store_url = self._counted("store", systems.web_store)

    def addresses(self) -> Addresses:
        """What a script must be told."""
        systems, options = self._systems, self._systems.p21_tenant.options
        stripe, store = (systems.stripe_url, STRIPE_KEY), (systems.store_url, (STORE_KEY, STORE_SECRET))
        return Addresses(*stripe, systems.p21_url, options.username, options.password, *store, CURRENCIES)

    def connect(self, tieout: Tieout) -> None:
        """Connect a Tieout that is not running yet; no limit on calls is near."""
        self._tieout = tieout
        connect(tieout, self._systems)

    def pay(self, count: int) -> list[str]:
        """Let so many orders be paid, the everyday stories in turn; the payments, oldest first."""
        first = len(self._sales)
        for number in range(first, first + count):
            story = EVERYDAY[number % len(EVERYDAY)]
            self._sales.append(story(self._systems, random.Random(f"order {number}")))
        return [sale.payment for sale in self._sales[first:]]

    def deliver(self, url: str) -> None:
        """Deliver events there from now on, first all that wait."""
        self._delivering = Delivering(self._systems.stripe_account, url)

    def hold(self) -> None:
        """Deliver nothing until told to."""
        if self._delivering:
            self._delivering.close()

    def at_rest(self) -> bool:
        """Whether Stripe has nothing more to tell."""
        return self._systems.at_rest()

    def acknowledged(self) -> int:
        """How many events got a 2xx."""
        return len(acknowledged(self._systems.stripe_account))

    def requests(self) -> Counter[str]:
        """How often each request came, ids taken out: ``stripe GET /v1/customers/…``."""
        with self._counting:
            return self._requests.copy()

    def cpu_seconds(self) -> float:
        """What the simulators themselves have used."""
        return time.process_time()

    def verdict(self) -> Audit:
        """What the auditor says of all orders so far, once the connected Tieout has come to rest."""
        return self._systems.verdict(self._tieout, self._sales)

    def written(self) -> Written:
        """What P21's own books show."""
        tenant = self._systems.p21_tenant
        books = tenant.books()
        orders = sorted((str(row["amount"]), str(row["tax"]), row["currency_id"]) for row in books["orders"])
        receipts = sorted(str(row["amount"]) for row in books["payments"])
        return Written(orders, receipts, [one for found in tenant.doubles().values() for one in found])

    def _counted(self, name: str, simulator: Simulator) -> str:
        return Serving(_Counted(name, simulator, self._count)).url

    def _count(self, request: str) -> None:
        with self._counting:
            self._requests[request] += 1


class _Counted:
    """A simulator that tells each request before it answers."""

    def __init__(self, name: str, simulator: Simulator, tell: Callable[[str], None]) -> None:
        self._name, self._simulator, self._tell = name, simulator, tell

    def respond(self, request: Request) -> Response:
        self._tell(f"{self._name} {request.method} {_ID.sub('/…', request.path)}")
        return self._simulator.respond(request)


class _Process(BaseManager):
    pass


_Process.register("World", World)


@contextmanager
def world() -> Iterator[World]:
    """A world in a process of its own, ended with the context; its methods are called there."""
    with _Process(ctx=get_context("spawn")) as process:
        yield cast(World, process.World())  # type: ignore[attr-defined]
