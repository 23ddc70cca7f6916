"""A refund of an order that has not left is no credit memo: what was never invoiced is cancelled (case A3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.simulation.steps import ONE_LINE, ends, pay_lines, written
from tests.simulation.test_ordinary_odd_orders import charge_of
from tests.simulation.test_what_stands import DIALECTS
from tests.simulation.world import Shape, SimulatedWorld
from tieout.operations.replay import replay_run
from tieout.queries.runs import EventLine


def sold(dialect: str) -> tuple[SimulatedWorld, str]:
    """An order of 25.00 that is applied, and its number."""
    world = SimulatedWorld(1, shape=Shape(p21_settings=DIALECTS[dialect]))
    pay_lines(world, ONE_LINE)
    world.settle()
    return world, str(written(world, "orders")[0]["key"])


def refund_run(world: SimulatedWorld) -> EventLine:
    return next(line for line in ends(world) if line.subject.startswith("re_"))


def replayed(world: SimulatedWorld) -> EventLine:
    replay_run(world.books, refund_run(world).run, world.clock.now())
    world.settle()
    return refund_run(world)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_refund_of_an_order_that_has_not_left_asks_to_cancel_it_and_credits_nothing(dialect: str) -> None:
    world, order = sold(dialect)
    world.stripe_account.refund(charge_of(world))
    world.settle()
    asked = refund_run(world)
    receipt = written(world, "payments")[0]["key"]
    assert asked.state == "parked"
    for named in (
        f"sales order {order}",
        f"receipt {receipt} (25.00 USD)",
        "Cancel 25.00 USD",
        "WIDGET-001: 2 for 25.00 USD",
    ):
        assert named in asked.sentence, asked.sentence
    world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=order)
    assert replayed(world).state == "applied"
    assert (written(world, "credit_memos"), written(world, "refund_payments")) == ([], [])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_order_that_a_person_cancelled_before_is_not_credited(dialect: str) -> None:
    world, order = sold(dialect)
    world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=order)
    world.stripe_account.refund(charge_of(world))
    world.settle()
    assert refund_run(world).state == "applied", refund_run(world)
    assert written(world, "credit_memos") == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_order_that_left_after_all_is_credited_as_told(dialect: str) -> None:
    world, order = sold(dialect)
    world.stripe_account.refund(charge_of(world), 1000)
    world.settle()
    assert refund_run(world).state == "parked"
    world.p21_tenant.ship(order)
    assert replayed(world).state == "applied", refund_run(world)
    assert [abs(Decimal(row["amount"])) for row in written(world, "credit_memos")] == [Decimal("10.00")]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_part_that_is_cancelled_needs_no_memo_and_the_rest_ships(dialect: str) -> None:
    world, order = sold(dialect)
    world.stripe_account.refund(charge_of(world), 1250)
    world.settle()
    assert "Cancel 12.50 USD" in refund_run(world).sentence
    one = {"unit_quantity": Decimal(1), "extended_price": Decimal("12.50")}
    world.p21_tenant.edit("oe_line", one, order_no=order)
    assert replayed(world).state == "applied", refund_run(world)
    assert written(world, "credit_memos") == []
