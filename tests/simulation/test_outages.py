"""What is away is waited for: in order, by few, and by nobody who does not need it."""

from __future__ import annotations

import random

import pytest

from simulators.faults import Fault
from simulators.trial import workload
from tests.simulation.steps import BILLING, ONE_LINE, WIDGET, ends, pay_for, pay_lines, written
from tests.simulation.world import SimulatedWorld
from tieout.domain.workflow import format as workflow_file
from tieout.engine.inline_engine import InlineEngine
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.retire_workflow import retire_workflow
from tieout.processes.dispatch import reclaim
from tieout.queries.runs import event_lines

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
    world.engine = InlineEngine(world.leg, world.clock.now, world.dice)
    world.run(world.clock.now() + 3600)
    assert {line.state for line in ends(world)} != {"applied"}, "the disk took it"
    assert reclaim(world.ports, world.engine) == 1
    assert reclaim(world.ports, world.engine) == 0
    world.settle()
    assert {line.state for line in ends(world)} == {"applied"}
    assert world.verdict().clean


def test_a_run_that_waits_is_not_hurried_by_its_neighbour() -> None:
    world = SimulatedWorld(3)
    retire_workflow(world.books, "order_to_cash", world.clock.now())
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
