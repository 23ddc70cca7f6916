"""Nothing is released before it is compared: an order is entered unapproved, read back, and approved by a write of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from simulators.faults import Fault
from tests.simulation.steps import ONE_LINE, end, pay_lines, written
from tests.simulation.test_what_stands import DEARER, DIALECTS, ORDERS, differing, replayed
from tests.simulation.world import Crash, Shape, SimulatedWorld
from tieout.kernel import crash
from tieout.processes.list_unapproved import list_unapproved

APPROVALS = {**ORDERS, "a gateway": "PUT /api/v2/salesorders"}
NO_PUT = {"gateway_put_orders": False}


def shop(dialect: str, options: Mapping[str, Any] | None = None, **settings: Any) -> SimulatedWorld:
    return SimulatedWorld(1, shape=Shape(p21_settings={**DIALECTS[dialect], **settings}, p21_options=options or {}))


def once_at(point: str, act: Callable[[], None]) -> Callable[[], None]:
    """Do something the first time that a crash point is passed."""
    done: list[str] = []

    def hook(name: str) -> None:
        if name == point and not done:
            done.append(name)
            act()

    return crash.on_crash_point(hook)


def changed(world: SimulatedWorld, table: str, values: dict[str, Any]) -> str:
    """The process dies when the order was compared; before it comes back, somebody changes it in P21."""

    def meanwhile() -> None:
        world.p21_tenant.edit(table, values, order_no=written(world, "orders")[0]["key"])
        raise Crash

    done = once_at("approve.after_compare", meanwhile)
    pay_lines(world, ONE_LINE)
    world.settle()
    done()
    assert world.crashes == 1
    return str(world.p21_tenant.books()["orders"][0]["key"])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_order_that_is_as_meant_is_approved(dialect: str) -> None:
    world = shop(dialect)
    seen: list[bool] = []
    done = once_at("approve.after_compare", lambda: seen.extend(row["approved"] for row in written(world, "orders")))
    pay_lines(world, ONE_LINE)
    world.settle()
    done()
    assert seen == [False], "it was there, unapproved, when it was compared"
    (order,) = written(world, "orders")
    assert (end(world).state, order["approved"]) == ("applied", True)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_order_that_differs_is_never_approved(dialect: str) -> None:
    world = differing(dialect)
    assert [row["approved"] for row in written(world, "orders")] == [False]
    assert "hold it" not in end(world).sentence
    replayed(world)
    assert [row["approved"] for row in written(world, "orders")] == [False]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_somebody_changes_between_the_two_is_seen_before_it_is_approved(dialect: str) -> None:
    world = shop(dialect)
    order = changed(world, "oe_line", {"unit_quantity": Decimal(3)})
    assert "has quantity 3 instead of 2" in end(world).sentence
    assert [row["approved"] for row in written(world, "orders")] == [False]
    world.p21_tenant.edit("oe_line", {"unit_quantity": Decimal(2)}, order_no=order)
    replayed(world)
    assert (end(world).state, end(world).order_no) == ("applied", order)
    assert [row["approved"] for row in written(world, "orders")] == [True]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", ["cut_after_commit", "cut", "server_error", "late_commit"])
def test_an_approval_of_unknown_fate_is_looked_for_and_the_order_is_approved_once(dialect: str, kind: str) -> None:
    world = shop(dialect)
    fault = Fault(kind, APPROVALS[dialect], times=1, seconds=30)
    done = once_at("approve.after_compare", lambda: world.p21_tenant.faults.plan(fault))
    pay_lines(world, ONE_LINE)
    world.run(world.clock.now() + 1000)
    done()
    assert world.p21_tenant.faults.struck == {kind: 1}
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [row["approved"] for row in written(world, "orders")] == [True]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_order_cancelled_before_it_is_approved_is_written_anew_only_when_a_person_says_so(dialect: str) -> None:
    world = shop(dialect)
    order = changed(world, "oe_hdr", {"cancel_flag": "Y"})
    assert end(world).state == "parked"
    assert f"Sales order {order} was written for this and is cancelled" in end(world).sentence
    assert written(world, "orders") == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_site_may_have_orders_approved_as_they_are_entered_and_one_that_differs_says_hold_it(dialect: str) -> None:
    world = shop(dialect, NO_PUT, release_orders="at_once")
    world.p21_tenant.faults.plan(Fault("ignore_price", ORDERS[dialect], times=1))
    pay_lines(world, DEARER, amount=2600)
    world.run(world.clock.now() + 60)
    assert "It is approved: hold it in P21 before it ships." in end(world).sentence
    assert [row["approved"] for row in written(world, "orders")] == [True]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_site_may_approve_every_order_by_hand(dialect: str) -> None:
    world = shop(dialect, NO_PUT, release_orders="by_hand")
    pay_lines(world, ONE_LINE)
    world.settle()
    assert end(world).state == "applied"
    assert [row["approved"] for row in written(world, "orders")] == [False]


def test_a_gateway_that_changes_no_orders_asks_the_site_to_choose() -> None:
    world = shop("a gateway", NO_PUT)
    pay_lines(world, ONE_LINE)
    world.settle()
    assert end(world).state == "parked"
    assert "set release_orders to at_once" in end(world).sentence.replace("Set", "set")
    assert written(world, "orders") == []


@pytest.mark.parametrize("kind", ["html_page", "half_answer", "pool_exhausted", "server_error", "cut"])
def test_a_gateway_that_is_away_when_it_is_asked_whether_it_changes_orders_is_asked_again(kind: str) -> None:
    world = shop("a gateway")

    def begin_again() -> None:
        world.p21_tenant.faults.plan(Fault(kind, APPROVALS["a gateway"], times=1))
        raise Crash

    done = once_at("write.after_claim", begin_again)
    pay_lines(world, ONE_LINE)
    world.settle()
    done()
    assert world.p21_tenant.faults.struck == {kind: 1}
    assert end(world).state == "applied", end(world)
    assert [row["approved"] for row in written(world, "orders")] == [True]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_orders_that_wait_for_approval_are_listed_until_somebody_approves_or_cancels_them(dialect: str) -> None:
    world = shop(dialect, release_orders="by_hand")
    for _ in range(3):
        pay_lines(world, ONE_LINE)
    world.settle()
    first, second, third = (row["key"] for row in written(world, "orders"))
    world.p21_tenant.edit("oe_hdr", {"approved": "Y"}, order_no=first)
    world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=second)
    (waiting,) = list_unapproved(world.ports)
    assert (waiting.order_no, waiting.total, waiting.settled) == (third, "25.00", True)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_order_that_differs_is_listed_as_one_that_waits(dialect: str) -> None:
    world = differing(dialect)
    (waiting,) = list_unapproved(world.ports)
    assert (waiting.order_no, waiting.settled) == (written(world, "orders")[0]["key"], False)
