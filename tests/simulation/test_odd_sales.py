"""Sales that are odd: free, by nobody, refunded from before, or written by two workflows (case A15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.simulation.steps import ONE_LINE, WIDGET, end, ends, written
from tests.simulation.test_what_is_sold import DIALECTS, checkout, in_dialect, lines, publish
from tests.simulation.test_what_is_told import header
from tests.simulation.world import SimulatedWorld
from tieout.app.house import shipped
from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow.definition import Workflow
from tieout.kernel.failures import Failed
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.store import alerts, workflows


def alerted(world: SimulatedWorld) -> list[str]:
    with world.books.reading() as db:
        return [one.sentence for one in alerts.latest(db, 50)]


def template(name: str) -> Workflow:
    (path,) = [one for one in shipped() if one.stem == name]
    return workflow_file.read(path.read_text(encoding="utf-8"))


def free(world: SimulatedWorld) -> Any:
    return checkout(world, [{**WIDGET, "discount": 2500}])


def test_a_free_order_is_told() -> None:
    world = SimulatedWorld(1)
    free(world)
    world.settle()
    assert written(world, "orders") == []
    assert any("nothing was to pay" in sentence and "free_orders" in sentence for sentence in alerted(world))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_free_order_is_written_over_nothing_where_the_workflow_says_so(dialect: str) -> None:
    world = in_dialect(dialect)
    publish(world, free_orders="order")
    paid = free(world)
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [(row["item_id"], str(row["extended_price"])) for row in lines(world)] == [
        ("WIDGET-001", "25.00"),
        ("DISCOUNT", "-25.00"),
    ]
    assert written(world, "payments") == []
    assert world.stripe_account.books()["metadata"][paid.session]["erporderid"] == header(world)["order_no"]


def nobody(world: SimulatedWorld, **more: Mapping[str, str]) -> None:
    metadata = {"lines": ONE_LINE, **more.get("metadata", {})}
    world.stripe_account.pay(via="intent", amount=2500, currency="usd", payment_metadata=metadata)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_buyer_without_a_name_parks_and_goes_on_with_the_house_account(dialect: str) -> None:
    world = in_dialect(dialect)
    house = world.p21_tenant.add_customer("Web sales", (), place="OR")
    nobody(world)
    world.settle()
    assert "neither a name nor an e-mail address, and no house_account is set" in end(world).sentence
    assert written(world, "customers") == []
    publish(world, house_account=str(house))
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert int(header(world)["customer_id"]) == house


def test_a_buyer_without_a_name_whose_customer_the_payment_names_needs_no_house_account() -> None:
    world = SimulatedWorld(1)
    number = world.p21_tenant.add_customer("Counter sales", (), place="OR")
    nobody(world, metadata={"p21_customer_id": str(number)})
    world.settle()
    assert int(header(world)["customer_id"]) == number


def test_a_refund_of_a_payment_from_before_says_what_it_is_and_ends() -> None:
    world = SimulatedWorld(1)
    paid = checkout(world, [WIDGET])
    world.stripe_account.pump(lambda body, headers: 200)  # nobody listened yet
    world.clock.advance(40 * 86_400)
    world.stripe_account.pump(lambda body, headers: 200)
    world.stripe_account.refund(paid.charge)
    world.settle()
    (line,) = ends(world)
    assert line.state == "parked"
    assert "Tieout wrote nothing for that sale, so it writes nothing against it" in line.sentence
    assert line.ended_at is not None
    assert line.ended_at - line.received_at < 600


def test_a_second_workflow_that_writes_for_the_same_fact_is_not_published_beside_the_first() -> None:
    world = SimulatedWorld(1)
    with pytest.raises(Failed, match="order_to_cash is active and writes records") as caught:
        publish_workflow(world.books, template("direct_invoice"), world.clock.now())
    assert "--instead-of order_to_cash" in caught.value.failure.sentence
    publish_workflow(world.books, template("direct_invoice"), world.clock.now(), instead_of="order_to_cash")
    with world.books.reading() as db:
        active = {one.name for one in workflows.all_active(db)}
    assert "direct_invoice" in active
    assert "order_to_cash" not in active
    checkout(world, [WIDGET])
    world.settle()
    assert len(written(world, "invoices")) + len(written(world, "orders")) >= 1
    assert len(ends(world)) == 1


def test_a_second_workflow_whose_condition_excludes_the_first_is_published_when_it_is_named() -> None:
    world = SimulatedWorld(1)
    publish_workflow(world.books, template("direct_invoice"), world.clock.now(), beside=("order_to_cash",))
    with world.books.reading() as db:
        assert {"direct_invoice", "order_to_cash"} <= {one.name for one in workflows.all_active(db)}
