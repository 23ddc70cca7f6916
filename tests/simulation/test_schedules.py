"""Schedules of payments, faults and corrections by which a record would be lost, doubled or wrong, one at a time."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from simulators.faults import Fault
from simulators.trial import workload
from tests.simulation.world import Luck, SimulatedWorld, collect
from tieout.app.house import template
from tieout.domain.workflow import format as workflow_file
from tieout.engine.inline_engine import InlineEngine
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.operations.retire_workflow import retire_workflow
from tieout.processes.dispatch import reclaim
from tieout.queries.runs import EventLine, event_lines

BILLING = {
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "ada@example.com",
    "address_1": "1 Mill Road",
    "city": "Portland",
    "state": "OR",
    "postcode": "97201",
    "country": "US",
}
ADDRESS = {"line1": "1 Mill Road", "city": "Portland", "state": "OR", "postal_code": "97201", "country": "US"}
WIDGET = {"sku": "WIDGET-001", "quantity": 2, "unit_amount": 1250, "description": "Widget"}


def ends(world: SimulatedWorld) -> list[EventLine]:
    """What became of the payments, newest first."""
    return [line for line in event_lines(world.books, limit=500) if line.run]


def end(world: SimulatedWorld) -> EventLine:
    (only,) = ends(world)
    return only


def written(world: SimulatedWorld, kind: str) -> list[Mapping[str, Any]]:
    """What Tieout wrote into P21 of a kind, what was voided left out."""
    return [row for row in world.p21_tenant.books()[kind] if row["reference"] and not row["voided"]]


def pay_for(world: SimulatedWorld, order: int, amount: int) -> None:
    world.stripe_account.pay(
        via="intent",
        amount=amount,
        currency="usd",
        payment_metadata={"ecommerceorderid": str(order)},
        receipt_email="ada@example.com",
        billing_address=ADDRESS,
        billing_name="Ada Byron",
    )


def pay_lines(world: SimulatedWorld, lines: str, amount: int = 2500, **more: Any) -> str:
    metadata = {"lines": lines, **more.pop("metadata", {})}
    paid = world.stripe_account.pay(
        via="intent",
        amount=amount,
        currency="usd",
        payment_metadata=metadata,
        receipt_email="ada@example.com",
        billing_address=ADDRESS,
        billing_name="Ada Byron",
        **more,
    )
    assert paid.payment_intent
    return paid.payment_intent


ONE_LINE = '[{"sku": "WIDGET-001", "quantity": 2, "unit_amount": 1250, "description": "Widget"}]'


@pytest.mark.parametrize("operation", ["POST /api/entity/addresses", "POST /api/entity/customers"])
@pytest.mark.parametrize("kind", ["server_error", "late_commit", "cut_after_commit"])
def test_two_first_payments_of_one_buyer_make_one_customer(kind: str, operation: str) -> None:
    world = SimulatedWorld(5)
    world.p21_tenant.faults.plan(Fault(kind, operation, times=1, seconds=50))
    for seed in (1, 2):
        dice = random.Random(seed)
        customer = world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS)
        world.sales.append(
            workload._paid(world, dice, "twice", "applied", via="checkout", customer=customer, lines=[WIDGET])
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


SPLIT = """format = 1
name = 'split'
title = 'One order for each line'
[trigger]
fact = 'payment_succeeded'
[[nodes]]
id = 'read_payment'
type = 'stripe_fetch'
into = 'payment'
next = 'read_order'
[nodes.settings]
what = 'payment'
[[nodes]]
id = 'read_order'
type = 'stripe_fetch'
into = 'order'
next = 'each'
[nodes.settings]
what = 'order'
[[nodes]]
id = 'each'
type = 'for_each'
next = 'tell'
[nodes.settings]
over = 'order.lines'
as = 'line'
body = 'write'
[[nodes]]
id = 'write'
type = 'p21_write'
[nodes.settings]
entity = 'sales_order'
[nodes.settings.fields]
customer_id = "'100001'"
order_date = "date(payment.created, 'yyyy-MM-dd', 'UTC')"
currency = 'payment.currency'
lines = '''[{item_id: line.sku, quantity: line.quantity, unit_price: money(line.unit_amount, order.currency),
  extended_price: money(line.subtotal, order.currency), taxable: false}]'''
total = 'money(line.net, order.currency)'
tax = '0'
[[nodes]]
id = 'tell'
type = 'stripe_update'
[nodes.settings]
object = "'customer'"
id = 'payment.customer.id'
[nodes.settings.fields]
last_payment = 'payment.id'
"""


def test_a_loop_writes_one_record_for_each_element_and_every_run_its_own_metadata() -> None:
    world = SimulatedWorld(1)
    retire_workflow(world.books, "order_to_cash")
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
    world = SimulatedWorld(seed, Luck(crash=0.06))
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


def test_one_of_two_records_is_voided_as_told_and_the_replay_goes_on() -> None:
    world = SimulatedWorld(1)
    tenant = world.p21_tenant
    tenant.faults.plan(Fault("cut_after_commit", "POST /api/sales/orders", times=1))
    world.sales.append(workload.known_by_mail(world, random.Random(3)))
    world.run(world.clock.now() + 30)
    (order,) = tenant.rows("oe_hdr", web_reference_no=written(world, "orders")[0]["reference"])
    copy_of(world, order, "1999999")
    world.settle()
    assert end(world).state == "parked"
    assert "2 records carry the reference" in end(world).sentence
    tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no="1999999")
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert (end(world).state, end(world).order_no) == ("applied", str(order["order_no"]))


def copy_of(world: SimulatedWorld, order: Mapping[str, Any], number: str) -> None:
    """Copy an order with its reference, as P21's Copy does (reliability C14)."""
    tenant = world.p21_tenant
    for table, key in (("oe_hdr", "order_no"), ("oe_line", "order_no")):
        for row in tenant.rows(table, order_no=order["order_no"]):
            tenant.state.insert(table, {**{name: row[name] for name in row if not name.startswith("_")}, key: number})


def test_what_is_corrected_in_stripe_is_read_again_by_a_replay_even_after_a_record_was_written() -> None:
    world = SimulatedWorld(1)
    wrong = '[{"sku": "WIDGET-001", "quantity": "2.00000000001", "unit_amount": 1250, "description": "Widget"}]'
    payment = pay_lines(world, wrong)
    world.settle()
    assert end(world).state == "parked", end(world)
    assert len(written(world, "customers")) == 1
    world.stripe_account.edit(payment, metadata={"lines": ONE_LINE})
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert len(written(world, "customers")) == 1


def test_a_corrected_workflow_is_what_is_written_when_the_first_try_wrote_nothing() -> None:
    world = SimulatedWorld(1)
    world.p21_tenant.faults.plan(Fault("server_error", "POST /api/sales/orders", times=1))
    world.sales.append(workload.known_by_mail(world, random.Random(3)))
    world.run(world.clock.now() + 20)
    world.p21_tenant.faults.plan(Fault("server_error", "odata"))
    world.run(world.clock.now() + 20_000)
    assert end(world).state == "parked", end(world)
    world.p21_tenant.faults.clear()
    shipped = template("order_to_cash")
    other = str(world.p21_tenant.rows("customer", customer_name="Birch & Sons")[0]["customer_id"])
    nodes = tuple(
        replace(node, settings={**node.settings, "fields": {**_fields(node.settings), "customer_id": f"'{other}'"}})
        if node.id in ("write_order", "write_receipt")
        else node
        for node in shipped.nodes
    )
    publish_workflow(world.books, replace(shipped, nodes=nodes), world.clock.now())
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [str(row["customer"]) for row in written(world, "orders")] == [other]


def _fields(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = settings["fields"]
    return found


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


HOURS_8 = 8 * 3600


@pytest.mark.parametrize("kind", ["down", "rate_limited"])
def test_eight_hours_without_p21_are_waited_out_and_asked_about_by_few(kind: str) -> None:
    world = SimulatedWorld(2)
    world.p21_tenant.faults.plan(Fault(kind))
    dice = random.Random(2)
    for _ in range(40):
        world.sales.append(workload.brand_new(world, dice))
        world.run(world.clock.now() + HOURS_8 / 40)
    with world.books.reading() as db:
        assert db.exec_driver_sql("SELECT max(attempts) FROM runs").scalar() == 0
    assert world.engine.next_due is None, "what waits for long does not take a place in the engine"
    assert world.p21_tenant.faults.struck[kind] < HOURS_8 / 20, "an outage is probed, not stormed"
    world.heal()
    world.run(world.clock.now() + 300)
    assert {line.state for line in ends(world)} == {"applied"}, "work resumes soon after P21 is back"
    assert world.verdict().clean


def test_a_store_that_is_away_keeps_nobody_waiting_who_does_not_need_it() -> None:
    world = SimulatedWorld(2)
    world.web_store.faults.plan(Fault("down"))
    order = world.web_store.add_order([WIDGET], billing=BILLING)
    pay_for(world, order, 2500)
    world.run(world.clock.now() + 600)
    world.sales.append(workload.known_by_mail(world, random.Random(1)))
    world.run(world.clock.now() + 60)
    assert sorted(line.state for line in ends(world)) == ["applied", "waiting"]
    world.settle()
    assert {line.state for line in ends(world)} == {"applied"}


def test_a_payments_events_keep_their_order_while_the_first_of_them_waits() -> None:
    world = SimulatedWorld(2)
    world.p21_tenant.faults.plan(Fault("down"))
    sale = workload.brand_new(world, random.Random(1))
    world.run(world.clock.now() + 3600)
    lines = [line for line in event_lines(world.books, limit=500) if line.subject == sale.payment]
    assert [line.state for line in lines if line.run] == ["waiting"]
    with world.books.reading() as db:
        turns = db.exec_driver_sql("SELECT lane, count(*) FROM events WHERE turn GROUP BY lane").fetchall()
    assert {count for _, count in turns} == {1}
    world.settle()
    with world.books.reading() as db:
        of_lane = "lane = (SELECT lane FROM events ORDER BY ended_at DESC LIMIT 1) AND ended_at > received_at"
        rows = db.exec_driver_sql(f"SELECT ended_at FROM events WHERE {of_lane} ORDER BY seq").scalars().all()
    assert len(rows) > 1
    assert rows == sorted(rows)


def parked_with_an_order_of_unknown_fate() -> tuple[SimulatedWorld, str]:
    """P21 kept the order, nobody heard, and nobody can look."""
    world = SimulatedWorld(1)
    world.p21_tenant.faults.plan(Fault("cut_after_commit", "POST /api/sales/orders", times=1))
    payment = pay_lines(world, ONE_LINE)
    world.run(world.clock.now() + 20)
    world.p21_tenant.faults.plan(Fault("server_error", "odata"))
    world.run(world.clock.now() + 20_000)
    assert end(world).state == "parked", end(world)
    world.p21_tenant.faults.clear()
    return world, payment


def test_a_replay_settles_what_was_sent_before_it_hears_of_another_wish() -> None:
    world, payment = parked_with_an_order_of_unknown_fate()
    world.stripe_account.edit(payment, metadata={"lines": ONE_LINE, "p21_document": "invoice"})
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert len(written(world, "orders")) == 1
    assert written(world, "invoices") == []


def test_a_workflow_that_now_wants_another_record_waits_for_the_fate_of_the_first() -> None:
    world, _ = parked_with_an_order_of_unknown_fate()
    shipped = template("order_to_cash")
    nodes = tuple(
        replace(node, settings={**node.settings, "of": "'another: ' & order.id"}) if node.id == "write_order" else node
        for node in shipped.nodes
    )
    publish_workflow(world.books, replace(shipped, nodes=nodes), world.clock.now())
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "parked"
    assert "whose fate is open, and would now write another record" in end(world).sentence
    assert len(written(world, "orders")) == 1


def test_a_workflow_published_between_two_events_of_a_payment_does_not_begin_it_again() -> None:
    world = SimulatedWorld(1)
    customer = world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS)
    world.stripe_account.pay(via="checkout", customer=customer, currency="usd", lines=[WIDGET])
    told: list[tuple[bytes, Mapping[str, str]]] = []
    while (due := world.stripe_account.next_due()) is not None:
        world.clock.advance(max(0.0, due - world.clock.now()))
        world.stripe_account.pump(partial(collect, told))
    late = [one for one in told if b"checkout.session.completed" in one[0]]
    assert late
    for body, headers in (one for one in told if one not in late):
        world._receive(body, headers)
    world.run(world.clock.now() + 60)
    assert end(world).state == "applied"
    publish_workflow(world.books, template("direct_invoice"), world.clock.now())
    retire_workflow(world.books, "order_to_cash")
    for body, headers in late:
        world._receive(body, headers)
    world.settle()
    assert end(world).state == "applied"
    assert (len(written(world, "orders")), len(written(world, "invoices"))) == (1, 0)


LOOP = SPLIT[: SPLIT.index("[[nodes]]\nid = 'tell'")].replace("next = 'tell'\n", "")
PUMP = {"sku": "PUMP-050", "quantity": 1, "unit_amount": 32900, "description": "Pump"}


@pytest.mark.parametrize(("corrected", "state"), [([PUMP, WIDGET], "parked"), ([WIDGET, PUMP], "applied")])
def test_a_list_that_changed_under_a_loop_never_gets_one_elements_record_for_another(
    corrected: list[dict[str, Any]], state: str
) -> None:
    world = SimulatedWorld(1)
    retire_workflow(world.books, "order_to_cash")
    publish_workflow(world.books, workflow_file.read(LOOP), 0)
    payment = pay_lines(world, json.dumps([WIDGET, {**PUMP, "sku": "PUMP-XXX"}]), amount=35400)
    world.settle()
    assert end(world).state == "parked"
    world.stripe_account.edit(payment, metadata={"lines": json.dumps(corrected)})
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == state, end(world)
    amounts = sorted(str(row["amount"]) for row in written(world, "orders"))
    assert amounts == (["25.00", "329.00"] if state == "applied" else ["25.00"])
    if state == "parked":
        assert "Put the list into its old order" in end(world).sentence


def test_a_branch_is_decided_anew_when_its_way_is_gone() -> None:
    world = SimulatedWorld(1)
    wrong = ONE_LINE.replace('"quantity": 2', '"quantity": "2.00000000001"')
    payment = pay_lines(world, wrong)
    world.settle()
    text = workflow_file.write(template("order_to_cash")).replace("'create_customer'", "'make_customer'")
    publish_workflow(world.books, workflow_file.read(text), world.clock.now())
    world.stripe_account.edit(payment, metadata={"lines": ONE_LINE})
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert len(written(world, "customers")) == 1


def test_runs_that_wait_for_each_other_do_not_take_the_places_of_those_who_ask_whether_p21_is_back() -> None:
    world = SimulatedWorld(2)
    world.web_store.faults.plan(Fault("down"))
    for _ in range(2):
        pay_for(world, world.web_store.add_order([WIDGET], billing=BILLING), 2500)
    world.run(world.clock.now() + 40)
    world.p21_tenant.faults.plan(Fault("cut_after_commit", "POST /api/entity/", times=1))
    pay_lines(world, ONE_LINE)
    world.run(world.clock.now() + 15)
    world.web_store.faults.clear()
    world.run(world.clock.now() + 30)
    world.p21_tenant.faults.plan(Fault("down"))
    world.run(world.clock.now() + 600)
    world.heal()
    world.run(world.clock.now() + 300)
    assert {line.state for line in ends(world)} == {"applied"}
    assert len(written(world, "customers")) == 1


def test_work_that_the_engine_lost_is_handed_over_again() -> None:
    world = SimulatedWorld(2)
    world.sales.append(workload.brand_new(world, random.Random(1)))
    world.p21_tenant.faults.plan(Fault("server_error", "odata", times=6))
    world.run(world.clock.now() + 5)
    with world.books.reading() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM events WHERE turn AND wanted = submitted").scalar()
    world.engine = InlineEngine(world._leg, world.clock.now, world.dice)
    world.run(world.clock.now() + 3600)
    assert {line.state for line in ends(world)} != {"applied"}, "the disk took it"
    assert reclaim(world.ports, world.engine) == 1
    assert reclaim(world.ports, world.engine) == 0
    world.settle()
    assert {line.state for line in ends(world)} == {"applied"}
    assert world.verdict().clean


def test_a_run_that_waits_is_not_hurried_by_its_neighbour() -> None:
    world = SimulatedWorld(3)
    retire_workflow(world.books, "order_to_cash")
    find = "format = 1\nname = 'find'\ntitle = 'Find'\n[trigger]\nfact = 'payment_succeeded'\n[[nodes]]\nid = 'find'\n"
    find += "type = 'p21_find'\n[nodes.settings]\nkey = \"'WIDGET-001'\"\n"
    waits = "format = 1\nname = 'waits'\ntitle = 'Waits'\n[trigger]\nfact = 'payment_succeeded'\n"
    for number in range(40):
        onward = f"next = 'w{number + 1}'\n" if number < 39 else ""
        waits += f"[[nodes]]\nid = 'w{number}'\ntype = 'wait'\n{onward}[nodes.settings]\nseconds = '5'\n"
    for text in (find, waits):
        publish_workflow(world.books, workflow_file.read(text), 0)
    world.p21_tenant.faults.plan(Fault("server_error", "odata"))
    start = world.clock.now()
    pay_lines(world, ONE_LINE)
    world.run(start + 7200)
    with world.books.reading() as db:
        ended = db.exec_driver_sql("SELECT ended_at FROM runs WHERE workflow = 'find'").scalar()
    assert ended is None or ended - start > 400


def test_no_wish_of_p21_pauses_it_for_years() -> None:
    world = SimulatedWorld(1)
    world.p21_tenant.faults.plan(Fault("rate_limited", times=1, seconds=315_360_000))
    world.sales.append(workload.known_by_mail(world, random.Random(1)))
    world.run(world.clock.now() + 2 * 3600)
    assert {line.state for line in ends(world)} == {"applied"}
