"""A pretend Stripe account on a port, with its clock and clients for it, as the contract tests use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import stripe

from simulators.server import Serving
from simulators.stripe import CURRENT, StripeAccount
from simulators.world import VirtualClock, World

KEY = "rk_test_month_of_money"
DAY = 86_400


@dataclass
class Site:
    """An account on a port, its clock, and clients for it."""

    account: StripeAccount
    clock: VirtualClock
    url: str

    def client(self, key: str = KEY) -> stripe.StripeClient:
        return stripe.StripeClient(key, base_addresses={"api": self.url}, stripe_version=CURRENT)

    def rows(self, **params: Any) -> list[stripe.BalanceTransaction]:
        page = self.client().v1.balance_transactions.list({"limit": 100, **params})  # type: ignore[arg-type]
        return list(page.auto_paging_iter())

    def told(self) -> list[str]:
        return [event["type"] for event in self.account.events()]


def serve(**traits: Any) -> Iterator[Site]:
    clock = VirtualClock()
    account = StripeAccount(World(7, clock), key=KEY, **traits)
    with Serving(account) as serving:
        yield Site(account, clock, serving.url)


def money(site: Site, name: str) -> dict[str, int]:
    return {each.currency: each.amount for each in getattr(site.client().v1.balance.retrieve(), name)}
