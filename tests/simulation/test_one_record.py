"""One record for one subject, and nobody else's: schedules by which a record would be doubled, lost or wrong."""

from __future__ import annotations

import random

import pytest

from simulators.faults import Fault
from simulators.trial import workload
from tests.simulation.steps import ADDRESS, BILLING, ONE_LINE, SPLIT, WIDGET, end, ends, pay_for, pay_lines, written
from tests.simulation.world import Luck, SimulatedWorld
from tieout.domain.workflow import format as workflow_file
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.retire_workflow import retire_workflow


@pytest.mark.parametrize("operation", ["POST /api/entity/addresses", "POST /api/entity/customers"])
@pytest.mark.parametrize("kind", ["server_error", "late_commit", "cut_after_commit"])
def test_two_first_payments_of_one_buyer_make_one_customer(kind: str, operation: str) -> None:
    world = SimulatedWorld(5)
    world.p21_tenant.faults.plan(Fault(kind, operation, times=1, seconds=50))
    for seed in (1, 2):
        dice = random.Random(seed)
        customer = world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS)
        world.sales.append(
            workload.sell(world, dice, "twice", "applied", via="checkout", customer=customer, lines=[WIDGET])
        )
    world.run(world.clock.now() + 600)
    assert world.p21_tenant.faults.struck == {kind: 1}
    world.settle()
    assert [line.state for line in ends(world)] == ["applied", "applied"]
    assert len(written(world, "customers")) == 1
    assert len({row["customer"] for row in written(world, "orders")}) == 1


def test_an_order_in_another_currency_than_its_payment_is_parked() -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([{**WIDGET, "quantity": 8}], currency="EUR", billing=BILLING)
    pay_for(world, order, 10850)
    world.settle()
    assert end(world).state == "parked"
    assert "the payment is 108.50 USD, but woocommerce order" in end(world).sentence
    assert "comes to 100.00 EUR" in end(world).sentence
    assert written(world, "orders") == []


def test_a_payment_that_names_somebody_elses_dearer_order_buys_nothing() -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([{**WIDGET, "quantity": 8}], billing=BILLING)
    pay_for(world, order, 100)
    world.settle()
    assert end(world).state == "parked"
    assert written(world, "orders") == []


def test_an_order_that_is_paid_twice_is_written_once() -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([WIDGET], billing=BILLING)
    for _ in range(2):
        pay_for(world, order, 2500)
    world.settle()
    assert sorted(line.state for line in ends(world)) == ["applied", "parked"]
    parked = next(line for line in ends(world) if line.state == "parked")
    assert "already stands for this" in parked.sentence
    assert "paid twice" in parked.sentence
    assert len(written(world, "orders")) == 1


PUMP = {"sku": "PUMP-050", "quantity": 1, "unit_amount": 32900, "description": "Pump"}


def test_a_loop_writes_one_record_for_each_element_and_every_run_its_own_metadata() -> None:
    world = SimulatedWorld(1)
    retire_workflow(world.books, "order_to_cash", world.clock.now())
    publish_workflow(world.books, workflow_file.read(SPLIT), 0)
    customer = world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS)
    pump = {"sku": "PUMP-050", "description": "Pump", "quantity": 1, "unit_amount": 32900}
    for payment in (1, 2):
        paid = world.stripe_account.pay(via="checkout", customer=customer, currency="usd", lines=[WIDGET, pump])
        world.settle()
        assert len(written(world, "orders")) == 2 * payment
        assert paid.payment_intent
        metadata = world.stripe_account.books()["metadata"][customer]
        if payment == 1:
            assert metadata["last_payment"] == paid.payment_intent
    assert [line.state for line in ends(world)][-1] == "applied"


@pytest.mark.parametrize("seed", range(12))
def test_every_workflow_that_listens_runs_although_the_worker_died_as_they_were_started(seed: int) -> None:
    world = SimulatedWorld(seed, Luck(crash=0.03))
    second = "format = 1\nname = 'second'\ntitle = 'Second'\n[trigger]\nfact = 'payment_succeeded'\n[[nodes]]\n"
    second += "id = 'tell'\ntype = 'send_alert'\n[nodes.settings]\nmessage = \"'paid'\"\n"
    publish_workflow(world.books, workflow_file.read(second), 0)
    pay_lines(world, ONE_LINE)
    world.run(world.clock.now() + 3600)
    world.settle()
    assert world.crashes
    with world.books.reading() as db:
        found = db.exec_driver_sql("SELECT workflow, state FROM runs ORDER BY workflow").fetchall()
    assert [tuple(row) for row in found] == [("order_to_cash", "applied"), ("second", "applied")]


def test_three_pieces_for_ten_dollars_are_written() -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([{**WIDGET, "quantity": 3, "unit_amount": 334}], billing=BILLING)
    raw = world.web_store.orders()[str(order)]
    raw["line_items"][0].update(subtotal="10.00", total="10.00", price=3.333333)
    raw["total"] = "10.00"
    pay_for(world, order, 1000)
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [str(row["amount"]) for row in written(world, "payments")] == ["10.00"]


def test_a_customer_number_is_written_as_p21_has_it_however_it_was_typed() -> None:
    world = SimulatedWorld(1)
    number = str(world.p21_tenant.rows("customer", customer_name="Birch & Sons")[0]["customer_id"])
    pay_lines(world, ONE_LINE, metadata={"p21_customer_id": f"0{number}"})
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [str(row["customer"]) for row in written(world, "orders")] == [number]
