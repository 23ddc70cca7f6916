"""A receipt is written only for an order that stands: P21 is asked what has become of it since (case A3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulation.steps import ONE_LINE, end, ends, pay_lines, written
from tests.simulation.test_released_after_compare import once_at, shop
from tests.simulation.test_what_stands import replayed, republished
from tests.simulation.world import SimulatedWorld
from tieout.app.house import template
from tieout.operations.replay import replay_run

ROUTES: dict[str, dict[str, Any]] = {
    "REST orders": {"receipts_by": "window"},
    "the order window": {"orders_by": "transaction", "receipts_by": "window"},
}


def cancel(world: SimulatedWorld) -> None:
    world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=written(world, "orders")[0]["key"])


def delete(world: SimulatedWorld) -> None:
    world.p21_tenant.edit("oe_hdr", {"delete_flag": "Y"}, order_no=written(world, "orders")[0]["key"])


def remove(world: SimulatedWorld) -> None:
    orders = world.p21_tenant.state["oe_hdr"]
    for row in list(orders.where(order_no=written(world, "orders")[0]["key"])):
        orders.remove(row)


def lost(route: str, act: Callable[[SimulatedWorld], None]) -> SimulatedWorld:
    """A clerk does that with the order when it is approved and its receipt is not written yet."""
    world = shop("REST orders", **ROUTES[route])
    done = once_at("approve.after_approval", lambda: act(world))
    pay_lines(world, ONE_LINE)
    world.settle()
    done()
    return world


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("act", [cancel, delete, remove])
def test_no_receipt_is_written_for_an_order_that_does_not_stand_and_a_replay_enters_it_anew(
    route: str, act: Callable[[SimulatedWorld], None]
) -> None:
    world = lost(route, act)
    assert end(world).state == "parked", end(world)
    assert "replay to have it written a" in end(world).sentence.lower()
    assert written(world, "payments") == []
    replayed(world)
    (order,), (payment,) = written(world, "orders"), written(world, "payments")
    assert (end(world).state, end(world).order_no) == ("applied", order["key"]), end(world)
    assert (payment["amount"], order["approved"]) == ("25.00", True)
    assert world.verdict().clean


def test_an_order_entered_by_hand_that_is_gone_is_named_anew() -> None:
    world = shop("REST orders", receipts_by="window")
    receipt = next(node for node in template("order_to_cash").nodes if node.id == "write_receipt")
    fields = receipt.settings["fields"]
    assert isinstance(fields, dict)
    republished(world, write_receipt={"fields": {**fields, "order_no": "get(payment.metadata, 'pays')"}})
    payment = pay_lines(world, ONE_LINE, metadata={"pays": "9999999"})
    world.settle()
    assert "Sales order 9999999, which this receipt pays, does not stand in P21 any more" in end(world).sentence
    assert "Name the order that it pays now where order_no comes from, then replay" in end(world).sentence
    assert written(world, "payments") == []
    order = written(world, "orders")[0]["key"]
    world.stripe_account.edit(payment, metadata={"lines": ONE_LINE, "pays": order})
    replayed(world)
    assert end(world).state == "applied", end(world)
    assert [row["amount"] for row in written(world, "payments")] == ["25.00"]


@pytest.mark.parametrize("route", ROUTES)
def test_money_that_is_given_back_instead_leaves_nothing_in_p21(route: str) -> None:
    world = lost(route, cancel)
    with world.stripe_account._open() as books:
        charge = str(books.need(end(world).subject)["latest_charge"])
    world.stripe_account.refund(charge)
    world.run(world.clock.now() + 60)
    (parked,) = (line for line in ends(world) if line.state == "parked")
    replay_run(world.books, parked.run, world.clock.now())
    world.settle()
    assert {line.state for line in ends(world)} == {"applied"}, ends(world)
    assert written(world, "orders") == [] and written(world, "payments") == []
