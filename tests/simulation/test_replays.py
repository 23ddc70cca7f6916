"""What a person corrects is what a replay does, and never a second time."""

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
from tests.simulation.steps import ADDRESS, ONE_LINE, SPLIT, WIDGET, end, pay_lines, written
from tests.simulation.world import SimulatedWorld, collect
from tieout.app.house import template
from tieout.domain.audit.act import Actor
from tieout.domain.workflow import format as workflow_file
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.operations.retire_workflow import retire_workflow
from tieout.queries.audit import newest_acts
from tieout.queries.runs import run_detail


def copy_of(world: SimulatedWorld, order: Mapping[str, Any], number: str) -> None:
    """Copy an order with its reference, as P21's Copy does (reliability C14)."""
    tenant = world.p21_tenant
    for table, key in (("oe_hdr", "order_no"), ("oe_line", "order_no")):
        for row in tenant.rows(table, order_no=order["order_no"]):
            tenant.state.insert(table, {**{name: row[name] for name in row if not name.startswith("_")}, key: number})


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


def _fields(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = settings["fields"]
    return found


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
    order = written(world, "orders")[0]["key"]
    assert f"Sales order {order} of run R2 stands in the other system and is not settled" in end(world).sentence
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
        world.receive(body, headers)
    world.run(world.clock.now() + 60)
    assert end(world).state == "applied"
    publish_workflow(world.books, template("direct_invoice"), world.clock.now(), instead_of="order_to_cash")
    for body, headers in late:
        world.receive(body, headers)
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
    retire_workflow(world.books, "order_to_cash", world.clock.now())
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


def test_a_replay_leaves_the_try_before_readable_step_by_step() -> None:
    """Case D3: a replay overwrote the steps of the try before, and nobody knew who had asked for it."""
    world = SimulatedWorld(1)
    wrong = '[{"sku": "WIDGET-001", "quantity": "2.00000000001", "unit_amount": 1250, "description": "Widget"}]'
    payment = pay_lines(world, wrong)
    world.settle()
    first = run_detail(world.books, end(world).run)
    assert first is not None
    replay_run(world.books, end(world).run, world.clock.now(), Actor("svc", "Ann Larch"), "the shop corrects it later")
    world.settle()
    world.stripe_account.edit(payment, metadata={"lines": ONE_LINE})
    replay_run(world.books, end(world).run, world.clock.now(), Actor("svc", "Bo Reed"))
    world.settle()
    last = run_detail(world.books, end(world).run)
    assert last is not None
    assert (last.line.state, [one.number for one in last.earlier]) == ("applied", [1, 2])
    for earlier in last.earlier:
        assert (earlier.node, earlier.code, earlier.sentence) == (first.line.node, earlier.code, first.line.sentence)
        assert {step.path for step in earlier.steps} == {step.path for step in first.steps}
    assert [(one.name, one.reason, one.before["try"]) for one in newest_acts(world.books, 2, what="replay")] == [
        ("Bo Reed", "", 2),
        ("Ann Larch", "the shop corrects it later", 1),
    ]
