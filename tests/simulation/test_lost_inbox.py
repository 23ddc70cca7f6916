"""An inbox that was lost, or is older than the books: what is acknowledged afterwards is worked on all the same (case T2)."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from simulators.faults import Fault
from simulators.trial import workload
from tests.databases import fresh
from tests.simulation.steps import ends, written
from tests.simulation.world import SimulatedWorld
from tieout.engine import Rest
from tieout.engine.inline_engine import InlineEngine
from tieout.processes.catch_up import catch_up
from tieout.queries.runs import event_lines
from tieout.store import alerts


def lose_the_inbox(world: SimulatedWorld) -> None:
    world.box, _ = fresh()
    world.ports = world._fresh_ports()


def sell(world: SimulatedWorld, number: int) -> None:
    world.sales.append(workload.brand_new(world, random.Random(number)))


def codes(world: SimulatedWorld) -> set[str]:
    with world.books.reading() as db:
        return {one.code for one in alerts.latest(db, 200)}


@pytest.mark.parametrize("before", [1, 4])
def test_what_is_paid_after_the_inbox_was_lost_is_written_once(before: int) -> None:
    world = SimulatedWorld(4)
    for number in range(before):
        sell(world, number)
    world.settle()
    lose_the_inbox(world)
    for number in range(10, 13):
        sell(world, number)
    world.settle()
    assert len(written(world, "orders")) == before + 3
    assert {line.state for line in ends(world)} == {"applied"}
    assert world.verdict().clean
    assert "inbox.number_taken" in codes(world)


def test_an_event_that_was_on_its_way_when_its_words_were_lost_is_read_from_stripe_again() -> None:
    world = SimulatedWorld(4)
    leave_untouched(world, lambda: sell(world, 1))
    with world.books.reading() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM events WHERE state = 'queued'").scalar()
    lose_the_inbox(world)
    world.settle()
    assert {line.state for line in ends(world)} == {"applied"}
    assert world.verdict().clean


def test_what_was_acknowledged_and_lost_with_the_inbox_is_caught_up() -> None:
    world = SimulatedWorld(4)
    sell(world, 1)
    world.settle()
    away(world, lambda: sell(world, 2))
    assert len(written(world, "orders")) == 1
    lose_the_inbox(world)
    catch_up(world.ports, "stripe")
    world.settle()
    assert len(written(world, "orders")) == 2
    assert world.verdict().clean


def test_what_is_listed_is_found_although_no_object_was_made_meanwhile() -> None:
    world = SimulatedWorld(4)
    sell(world, 1)
    world.settle()
    catch_up(world.ports, "stripe")
    away(world, lambda: sell(world, 2))
    lose_the_inbox(world)
    assert catch_up(world.ports, "stripe") > 0
    world.settle()
    assert catch_up(world.ports, "stripe") == 0, "what is in the inbox is not found again"
    world.settle()
    assert len(written(world, "orders")) == 2


def test_what_was_worked_on_before_the_inbox_was_lost_is_not_listed_a_second_time() -> None:
    world = SimulatedWorld(4)
    sell(world, 1)
    world.settle()
    world.clock.advance(600)
    before = len(event_lines(world.books, limit=500, every=True))
    lose_the_inbox(world)
    assert catch_up(world.ports, "stripe") == 0
    world.settle()
    assert len(event_lines(world.books, limit=500, every=True)) == before


def test_a_key_that_may_not_list_events_catches_up_by_objects_alone() -> None:
    world = SimulatedWorld(4)
    sell(world, 1)
    world.settle()
    away(world, lambda: sell(world, 2))
    lose_the_inbox(world)
    world.stripe_account.faults.plan(Fault("missing_permission", "events.list"))
    catch_up(world.ports, "stripe")
    assert world.stripe_account.faults.struck == {"missing_permission": 1}
    world.settle()
    assert len(written(world, "orders")) == 2
    assert world.verdict().doubled == world.verdict().wrong == ()


def leave_untouched(world: SimulatedWorld, act: Callable[[], None]) -> None:
    """Events are received and taken up, but nobody works on them."""
    engine, world.engine = world.engine, InlineEngine(lambda _: Rest(86_400.0), world.clock.now, random.Random(1))
    act()
    world.run(world.clock.now() + 600)
    world.engine = engine
    with world.books.transaction() as db:
        db.exec_driver_sql("UPDATE events SET submitted = -1 WHERE state = 'queued'")


def away(world: SimulatedWorld, act: Callable[[], None]) -> None:
    """The worker is away: events are received and acknowledged, nobody takes them up."""
    act()
    for _ in range(600):
        world.stripe_account.pump(world.receive)
        world.clock.advance(2)
