"""What P21's writers would refuse of a document is refused before: by the field it is fed into, and then it is mended there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.simulation.books import Books, sell_some
from tests.simulation.obeying import changes, code_of, feeds, lines_of, parked
from tests.simulation.steps import ONE_LINE, end, ends, written
from tests.simulation.world import Shape, SimulatedWorld
from tieout.app.house import template
from tieout.domain.workflow.definition import Node
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run

TOO_LONG, TOO_FINE, NOTHING = "'" + "x" * 60 + "'", "0.123456", "null"
FED = {
    "p21.document.length": ("po_no", TOO_LONG),
    "p21.document.decimals": ("tax_tolerance", TOO_FINE),
    "p21.document.required": ("order_date", NOTHING),
}


@pytest.mark.parametrize("code", FED)
def test_a_field_that_is_fed_wrongly_is_refused_where_it_is_fed(code: str) -> None:
    field, expression = FED[code]
    world = SimulatedWorld(1)
    feeds("write_order", **{field: expression})(world)
    lines_of(ONE_LINE)(world)
    world.settle()
    asked = parked(world)
    assert code_of(world, asked.run) == "mapping.invalid", asked.sentence
    assert field in asked.sentence and written(world, "orders") == []
    feeds("write_order")(world)
    replay_run(world.books, asked.run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)


def test_a_kind_of_record_that_there_is_not_is_named_and_corrected_in_the_workflow() -> None:
    world = SimulatedWorld(1)
    changes("write_order", entity="vendor")(world)
    lines_of(ONE_LINE)(world)
    world.settle()
    asked = parked(world)
    assert (code_of(world, asked.run), "vendor" in asked.sentence) == ("p21.entity", True), asked.sentence
    feeds("write_order")(world)
    replay_run(world.books, asked.run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)


def refunds(world: Books, amount: str | None) -> None:
    """Publish the workflow of refunds; ``amount`` is another expression of what the customer gets back."""
    shipped = template("refund")
    nodes = [_paying(node, amount) if amount and node.id == "write_payment" else node for node in shipped.nodes]
    publish_workflow(world.books, replace(shipped, nodes=tuple(nodes)), world.clock.now())


def _paying(node: Node, amount: str) -> Node:
    fields = node.settings["fields"]
    assert isinstance(fields, dict)
    return replace(node, settings={**node.settings, "fields": {**fields, "amount": amount}})


def test_a_refund_payment_of_nothing_is_corrected_in_the_workflow() -> None:
    world = Books(1, shape=Shape(p21_settings={"refunds_by": "window"}))
    refunds(world, "0")
    (charge,) = sell_some(world, world.dice, 1)
    world.stripe_account.refund(charge)
    world.settle()
    asked = parked(world)
    assert code_of(world, asked.run) == "p21.document.amount", asked.sentence
    assert "Correct it in the workflow" in asked.sentence
    refunds(world, None)
    replay_run(world.books, asked.run, world.clock.now())
    world.settle()
    assert {line.state for line in ends(world)} <= {"applied", "ignored"}, ends(world)
    paid_back = [row for row in world.p21_tenant.rows("ar_payment_details") if row["payment_amount"] < 0]
    assert len(paid_back) == 1
