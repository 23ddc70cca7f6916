"""A record that stands in P21 counts as written, in every state of its intent and on every way a run may take (case A1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from simulators.faults import Fault
from tests.simulation.steps import ONE_LINE, end, pay_lines, written
from tests.simulation.world import Shape, SimulatedWorld
from tieout.app.house import template
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.queries.alerts import newest_alerts

DIALECTS: dict[str, Mapping[str, Any]] = {
    "REST orders": {},
    "the order window": {"orders_by": "transaction", "receipts_by": "order"},
    "a gateway": {"dialect": "gateway"},
}
ORDERS = {
    "REST orders": "POST /api/sales/orders",
    "the order window": "tapi Order",
    "a gateway": "POST /api/v2/salesorders",
}
DEARER = ONE_LINE.replace("1250", "1300")  # P21's own price is 12.50


def differing(dialect: str = "REST orders") -> SimulatedWorld:
    """A payment whose order stands in P21 and is not what was meant: P21 took its own price."""
    world = SimulatedWorld(1, shape=Shape(p21_settings=DIALECTS[dialect]))
    world.p21_tenant.faults.plan(Fault("ignore_price", ORDERS[dialect], times=1))
    pay_lines(world, DEARER, amount=2600)
    world.run(world.clock.now() + 60)
    assert end(world).state == "parked", end(world)
    assert "is there, but is not what was sent" in end(world).sentence
    assert len(written(world, "orders")) == 1
    return world


def republished(world: SimulatedWorld, **changed: Mapping[str, Any]) -> None:
    """Publish order_to_cash with other settings of some nodes."""
    shipped = template("order_to_cash")
    nodes = tuple(
        replace(node, settings={**node.settings, **changed[node.id]}) if node.id in changed else node
        for node in shipped.nodes
    )
    publish_workflow(world.books, replace(shipped, nodes=nodes), world.clock.now())


def replayed(world: SimulatedWorld) -> None:
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()


INVOICE_ALWAYS = {"order_or_invoice": {"cases": [{"when": "true", "next": "write_invoice"}]}}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_replay_that_now_wants_an_invoice_never_writes_it_beside_the_order_that_stands(dialect: str) -> None:
    world = differing(dialect)
    order = written(world, "orders")[0]["key"]
    if dialect == "the order window":
        republished(world, write_order={"of": "'another: ' & order.id"})
    else:
        republished(world, **INVOICE_ALWAYS)
    for _ in range(2):
        replayed(world)
        assert end(world).state == "parked"
        assert f"Sales order {order} of run R2 stands in the other system and is not settled" in end(world).sentence
        assert "Cancel it there first" in end(world).sentence
    assert (len(written(world, "orders")), len(written(world, "invoices"))) == (1, 0)


@pytest.mark.parametrize("dialect", ["REST orders", "a gateway"])
def test_when_it_is_cancelled_as_told_the_other_way_is_taken(dialect: str) -> None:
    world = differing(dialect)
    order = written(world, "orders")[0]
    republished(world, **INVOICE_ALWAYS)
    replayed(world)
    world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=order["key"])
    replayed(world)
    assert end(world).state == "applied", end(world)
    assert (len(written(world, "orders")), len(written(world, "invoices"))) == (1, 1)  # the order of the invoice


def test_a_run_does_not_end_while_its_order_stands_unsettled() -> None:
    world = differing()
    order = written(world, "orders")[0]["key"]
    republished(world, order_or_invoice={"cases": [{"when": "true", "next": "is_there_a_store_order"}]})
    replayed(world)
    assert end(world).state == "parked", end(world)
    assert f"Sales order {order} of run R2 stands" in end(world).sentence
    world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=order)
    replayed(world)
    assert end(world).state == "applied", end(world)


def test_an_order_whose_reference_p21_cut_and_that_differs_counts_as_written() -> None:
    world = SimulatedWorld(1)
    for fault in (Fault("ignore_price", ORDERS["REST orders"], times=1), _cut()):
        world.p21_tenant.faults.plan(fault)
    pay_lines(world, DEARER, amount=2600)
    world.run(world.clock.now() + 60)
    assert "kept the reference as" in end(world).sentence
    for changed in ({}, INVOICE_ALWAYS):
        republished(world, **changed)
        replayed(world)
        assert end(world).state == "parked"
        assert len(world.p21_tenant.books()["orders"]) == 1


def _cut() -> Fault:
    return Fault("mangle_reference", ORDERS["REST orders"], times=1, detail={"how": "truncate", "length": 8})


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_was_corrected_in_p21_by_hand_is_adopted(dialect: str) -> None:
    world = differing(dialect)
    order = written(world, "orders")[0]["key"]
    right = {"unit_price": Decimal("13.00"), "extended_price": Decimal("26.00")}
    world.p21_tenant.edit("oe_line", right, order_no=order)
    replayed(world)
    assert (end(world).state, end(world).order_no) == ("applied", order), end(world)
    assert len(written(world, "orders")) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_order_cancelled_in_p21_is_replaced_on_replay_under_a_reference_of_its_own(dialect: str) -> None:
    world = differing(dialect)
    for place in (1, 2):
        before = written(world, "orders")[0]
        world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=before["key"])
        if place == 1:
            world.p21_tenant.faults.plan(Fault("ignore_price", ORDERS[dialect], times=1))
        replay_run(world.books, end(world).run, world.clock.now())
        world.run(world.clock.now() + 60)
        (now,) = written(world, "orders")
        assert now["key"] != before["key"] and now["reference"] != before["reference"]
    assert (end(world).state, end(world).order_no) == ("applied", now["key"]), end(world)
    assert [row["amount"] for row in written(world, "payments")] == ["26.00"], "the money is there once"
    told = [one.sentence for one in newest_alerts(world.books, 50) if one.code == "p21.payment_left"]
    assert bool(told) == (dialect != "REST orders")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_order_whose_row_is_deleted_outright_is_entered_again_without_the_payment_that_it_left(dialect: str) -> None:
    world = differing(dialect)
    orders = world.p21_tenant.state["oe_hdr"]
    for row in list(orders.where(order_no=written(world, "orders")[0]["key"])):
        orders.remove(row)
    replayed(world)
    assert end(world).state == "applied", end(world)
    assert (len(written(world, "orders")), [row["amount"] for row in written(world, "payments")]) == (1, ["26.00"])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_order_deleted_with_its_payment_is_replaced_with_its_payment(dialect: str) -> None:
    world = differing(dialect)
    before = written(world, "orders")[0]["key"]
    world.p21_tenant.edit("oe_hdr", {"delete_flag": "Y"}, order_no=before)
    for row in written(world, "payments"):
        world.p21_tenant.edit("ar_payment_details", {"delete_flag": "Y"}, payment_number=int(row["key"]))
    replayed(world)
    assert end(world).state == "applied", end(world)
    (payment,) = written(world, "payments")
    assert (payment["amount"], payment["order"]) == ("26.00", written(world, "orders")[0]["key"])
