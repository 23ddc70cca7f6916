"""Systems that are away for a while: events are acknowledged, orders wait, nothing is used up, lost or doubled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from simulators.faults import Fault
from simulators.stripe import HttpDelivery
from simulators.trial import workload
from simulators.trial.pretend import acknowledged
from simulators.trial.processes import get_json
from tests.journey.shop import Shop, open_shop

pytestmark = pytest.mark.slow

ONE_TRY = {"TIEOUT_RETRY_ATTEMPTS_MAX": "1", "TIEOUT_RETRY_FIRST_SECONDS": "0.1"}
AWAY_SECONDS = 2.5
STORIES = (workload.known_by_mail, workload.brand_new, workload.guest, workload.invoiced, workload.from_the_store)
DELIVERIES = 50


@contextmanager
def cut(shop: Shop) -> Iterator[None]:
    """P21 takes connections and cuts each of them at once."""
    shop.systems.p21_tenant.faults.plan(Fault("down"))
    yield
    shop.systems.p21_tenant.faults.clear()


AWAY: dict[str, tuple[str, Callable[[Shop], AbstractContextManager[None]]]] = {
    "P21 that is off": ("p21", lambda shop: shop.systems.switched_off("p21")),
    "P21 that cuts every connection": ("p21", cut),
    "Stripe that is off": ("stripe", lambda shop: shop.systems.switched_off("stripe")),
}


def everything_is_kept(shop: Shop) -> bool:
    account = shop.systems.stripe_account
    every = {str(event["id"]) for event in account.events()}
    return shop.systems.at_rest() and acknowledged(account) == every


@pytest.mark.parametrize("name", AWAY)
def test_orders_wait_while_a_system_is_away_and_are_written_once_when_it_is_back(tmp_path: Path, name: str) -> None:
    connection, away = AWAY[name]
    with open_shop(tmp_path, settle_seconds=1, variables=ONE_TRY) as shop:
        shop.sell(workload.known_by_mail)
        shop.rest()
        with away(shop):
            for story in STORIES:
                shop.sell(story)
            shop.until("all that Stripe tells is kept, whoever is away", lambda: everything_is_kept(shop))
            shop.until("the connection is away", lambda: f"{connection} is away: " in shop.text("/"))
            time.sleep(AWAY_SECONDS)
            assert get_json(f"{shop.tieout.page}/api/counts")["parked"] == 0
            assert f"{connection} is away: " in shop.text("/")
            waiting = [
                sale for sale in shop.sales if any(s["subject"] == sale.payment and s["run"] for s in shop.events())
            ]
            runs = [run for run in map(shop.shown, waiting) if run["line"]["state"] != "applied"]
            assert runs, "some have begun"
            assert {run["attempts"] for run in runs} == {0}, "waiting for a system that is away uses nothing up"
            told = {run["line"]["sentence"] for run in runs if run["line"]["sentence"]}
            assert told
            assert all("by itself" in sentence for sentence in told), told
        found = shop.rest()
        assert found.clean, found
        assert (found.applied, found.parked) == (1 + len(STORIES), 0), shop.events()
        assert len(shop.systems.p21_tenant.rows("oe_hdr")) == found.applied
        assert get_json(f"{shop.tieout.page}/health") == {"ok": True, "away": [], "files": []}


def test_one_event_delivered_many_times_at_once_is_one_run_and_one_order(tmp_path: Path) -> None:
    with open_shop(tmp_path, settle_seconds=1) as shop:
        account = shop.systems.stripe_account
        shop.systems.stop_delivering()
        sale = shop.sell(workload.brand_new)
        (event,) = [one for one in account.events() if one["type"] == "charge.succeeded"]
        (endpoint,) = account.endpoints()
        for _ in range(DELIVERIES):
            account.resend(str(event["id"]), str(endpoint.row["id"]))
        with ThreadPoolExecutor(DELIVERIES) as at_once:
            list(at_once.map(account.pump, [HttpDelivery(shop.tieout.webhook("stripe"))] * DELIVERIES))
        statuses = [one["status"] for one in account.books()["deliveries"] if one["event_id"] == event["id"]]
        assert statuses == [200] * (DELIVERIES + 1)
        shop.systems.deliver_to(shop.tieout.webhook("stripe"))
        found = shop.rest()
        assert found.clean, found
        assert (found.acked, found.applied) == (len(account.events()), 1)
        assert [one["event_id"] for one in shop.events()].count(event["id"]) == 1
        assert len([one for one in shop.events() if one["run"]]) == 1
        assert shop.line(sale)["order_no"] == shop.systems.p21_tenant.rows("oe_hdr")[0]["order_no"]
        assert len(shop.systems.p21_tenant.rows("oe_hdr")) == 1
        assert len(shop.systems.p21_tenant.rows("ar_receipts")) == 1
