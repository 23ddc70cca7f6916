"""Orders as they come in an ordinary week: corrected customers, cancelled store orders, deleted Stripe customers, early refunds."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from tests.simulation.steps import ADDRESS, BILLING, ONE_LINE, WIDGET, end, ends, pay_for, pay_lines, written
from tests.simulation.test_what_stands import DIALECTS, republished
from tests.simulation.world import Shape, SimulatedWorld
from tieout.domain.audit.act import Act, Actor
from tieout.kernel.failures import Failed
from tieout.operations.change_link import change_link, undo_link
from tieout.operations.replay import replay_run
from tieout.queries.alerts import newest_alerts
from tieout.queries.links import linked_key, links_of
from tieout.store.tables import acts

CLERK = Actor("clerk")


def world_of(dialect: str) -> SimulatedWorld:
    return SimulatedWorld(1, shape=Shape(p21_settings=DIALECTS[dialect]))


def ada(world: SimulatedWorld) -> str:
    return str(world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS))


def charge_of(world: SimulatedWorld) -> str:
    """The only charge there is."""
    (charge,) = {one["object"] for one in world.stripe_account.events() if one["type"] == "charge.succeeded"}
    return str(charge)


def buy(world: SimulatedWorld, customer: str, **more: Any) -> None:
    world.stripe_account.pay(via="checkout", customer=customer, currency="usd", lines=[WIDGET], **more)
    world.settle()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_number_that_a_clerk_corrects_on_the_stripe_customer_counts_from_the_next_payment(dialect: str) -> None:
    world = world_of(dialect)
    customer = ada(world)
    buy(world, customer)
    first = written(world, "orders")[0]["customer"]
    other = str(world.p21_tenant.rows("customer", customer_name="Birch & Sons")[0]["customer_id"])
    world.stripe_account.edit(customer, metadata={"p21_customer_id": other})
    buy(world, customer)
    assert [line.state for line in ends(world)] == ["applied", "applied"]
    assert [row["customer"] for row in written(world, "orders")] == [first, other]


def test_a_payment_that_says_otherwise_than_our_own_note_is_believed_and_the_note_stays() -> None:
    world = SimulatedWorld(1)
    customer = ada(world)
    buy(world, customer)
    first = written(world, "orders")[0]["customer"]
    other = str(world.p21_tenant.rows("customer", customer_name="Birch & Sons")[0]["customer_id"])
    buy(world, customer, payment_metadata={"p21_customer_id": other})
    buy(world, customer)
    assert [row["customer"] for row in written(world, "orders")] == [first, other, first]
    assert {line.state for line in ends(world)} == {"applied"}


def test_a_payment_and_a_stripe_customer_that_disagree_are_both_named() -> None:
    world = SimulatedWorld(1)
    customer = ada(world)
    one, other = (
        str(world.p21_tenant.rows("customer", customer_name=name)[0]["customer_id"])
        for name in ("Birch & Sons", "Twin Supply East")
    )
    world.stripe_account.edit(customer, metadata={"p21_customer_id": one})
    buy(world, customer, payment_metadata={"p21_customer_id": other})
    assert end(world).state == "parked"
    assert f"says {other}, but Stripe customer {customer} says {one}" in end(world).sentence
    world.stripe_account.edit(customer, metadata={"p21_customer_id": other})
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert written(world, "orders")[0]["customer"] == other


@pytest.mark.parametrize("status", ["cancelled", "refunded", "failed", "trash"])
def test_a_store_order_that_was_called_off_is_not_delivered_until_somebody_says_so(status: str) -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([WIDGET], billing=BILLING, status=status)
    pay_for(world, order, 2500)
    world.settle()
    assert end(world).state == "parked"
    assert f"is {status} in the store, but 25.00 USD were paid: refund it in Stripe" in end(world).sentence
    assert written(world, "orders") == []
    world.web_store.set_status(order, "processing")
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_was_called_off_and_refunded_as_told_ends_with_nothing_written(dialect: str) -> None:
    world = world_of(dialect)
    order = world.web_store.add_order([WIDGET], billing=BILLING, status="cancelled")
    pay_for(world, order, 2500)
    world.settle()
    parked = end(world)
    world.stripe_account.refund(charge_of(world))
    world.run(world.clock.now() + 60)
    replay_run(world.books, parked.run, world.clock.now())
    world.settle()
    assert {line.state for line in ends(world)} == {"applied"}, ends(world)
    assert [written(world, kind) for kind in ("orders", "payments", "credit_memos", "refund_payments")] == [
        [],
        [],
        [],
        [],
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_customer_deleted_in_stripe_costs_nobody_an_order(dialect: str) -> None:
    world = world_of(dialect)
    customer = ada(world)
    paid = world.stripe_account.pay(via="checkout", customer=customer, currency="usd", lines=[WIDGET])
    world.stripe_account.delete_customer(customer)
    world.settle()
    assert end(world).state == "applied", (paid, end(world))
    assert len(written(world, "orders")) == 1 and len(written(world, "payments")) == 1
    told = [one for one in newest_alerts(world.books, 50) if one.code == "stripe.note_refused"]
    assert len(told) <= 1


def test_a_note_that_stripe_forbids_is_told_once_and_the_order_is_written() -> None:
    world = SimulatedWorld(1)
    customer = ada(world)
    full = {f"key_{number}": "x" for number in range(50)}
    world.stripe_account.edit(customer, metadata=full)
    buy(world, customer)
    assert len(written(world, "orders")) == 1
    told = [one for one in newest_alerts(world.books, 50) if one.code == "stripe.note_refused"]
    assert len(told) == 1, end(world)


def test_the_payments_own_note_that_stripe_forbids_is_told_with_what_it_said_and_the_run_ends_well() -> None:
    world = SimulatedWorld(1)
    pay_lines(world, ONE_LINE, metadata={f"key_{number}": "x" for number in range(49)})
    world.settle()
    assert end(world).state == "applied", end(world)
    (told,) = [one.sentence for one in newest_alerts(world.books, 50) if one.code == "stripe.note_refused"]
    assert "then replay" not in told
    assert f"write it by hand: erporderid = {written(world, 'orders')[0]['key']}" in told


def test_a_note_that_the_store_refuses_is_told_and_the_run_ends_well() -> None:
    world = SimulatedWorld(1)
    republished(world, update_store={"id": "'4711'"})  # an order that is not there any more
    pay_for(world, world.web_store.add_order([WIDGET], billing=BILLING), 2500)
    world.settle()
    assert end(world).state == "applied", end(world)
    (told,) = [one.sentence for one in newest_alerts(world.books, 50) if one.code == "webstore.note_refused"]
    assert "then replay" not in told
    assert f"write it by hand: p21_order_no = {written(world, 'orders')[0]['key']}" in told


def test_a_payment_refunded_before_anybody_looked_becomes_no_order() -> None:
    world = SimulatedWorld(1)
    pay_lines(world, ONE_LINE)
    world.stripe_account.refund(charge_of(world))
    world.settle()
    assert {line.state for line in ends(world)} == {"applied"}, ends(world)
    assert (written(world, "orders"), written(world, "credit_memos")) == ([], [])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stored_link_can_be_changed_and_undone_with_a_reason_and_is_in_the_audit_trail(dialect: str) -> None:
    world = world_of(dialect)
    other = str(world.p21_tenant.rows("customer", customer_name="Birch & Sons")[0]["customer_id"])
    pay_lines(world, ONE_LINE)
    world.settle()
    subject = "email:ada@example.com"
    first = linked_key(world.books, "p21", "stripe", subject, "customer")
    with pytest.raises(Failed, match="Say why"):
        change_link(world.books, "p21", "stripe", subject, other, CLERK, " ", world.clock.now())
    change_link(world.books, "p21", "stripe", subject, other, CLERK, "she buys for Birch", world.clock.now() + 1)
    pay_lines(world, ONE_LINE)
    world.settle()
    assert undo_link(world.books, "p21", "stripe", subject, CLERK, "no, she does not", world.clock.now()) == first
    pay_lines(world, ONE_LINE)
    world.settle()
    assert [row["customer"] for row in written(world, "orders")] == [first, other, first]
    whats = [(row.what, row.before, row.after) for row in acts_of(world)]
    assert whats == [
        ("link.change", {"customer": first}, {"customer": other}),
        ("link.undo", {"customer": other}, {"customer": first}),
    ]
    assert [one.key for one in links_of(world.books, subject) if one.entity == "customer"] == [first]


def acts_of(world: SimulatedWorld) -> list[Act]:
    with world.books.reading() as db:
        rows = db.execute(sa.select(acts).where(acts.c.what.like("link.%")).order_by(acts.c.seq)).all()
    return [Act(row.what, row.about, json.loads(row.before), json.loads(row.after), row.reason) for row in rows]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_bank_debit_that_bounces_is_told_at_once_with_what_to_hold(dialect: str) -> None:
    world = world_of(dialect)
    pay_lines(world, ONE_LINE)
    world.settle()
    order, receipt = written(world, "orders")[0]["key"], written(world, "payments")[0]["key"]
    charge = charge_of(world)
    with world.stripe_account._open() as books:
        books.need(charge, "charge").update(status="failed", paid=False)
    world.stripe_account.emit("charge.failed", charge)
    world.settle()
    (told,) = [one.sentence for one in newest_alerts(world.books, 50) if one.code == "payment.bounced"]
    assert "took 25.00 USD" in told and f"hold order {order} if it has not left" in told
    assert f"reverse receipt {receipt}" in told
