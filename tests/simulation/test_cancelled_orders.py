"""An order that a clerk cancels in P21 while its money is kept is asked about until the money is back or a person accepts it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulators.faults import Fault
from tests.simulation.steps import ONE_LINE, end, pay_lines, written
from tests.simulation.test_ordinary_odd_orders import charge_of, world_of
from tests.simulation.test_receipts_of_lost_orders import cancel, delete, remove
from tests.simulation.test_what_stands import DIALECTS
from tests.simulation.world import SimulatedWorld
from tieout.operations.decision import Decision
from tieout.operations.resolve_exception import accept
from tieout.processes.ask_about_cancelled import CANCELLED, ask_about_cancelled
from tieout.queries.alerts import newest_alerts
from tieout.queries.exceptions import open_by_age


def asked(world: SimulatedWorld) -> list[str]:
    """What is open after a look."""
    ask_about_cancelled(world.ports, "stripe")
    return [one.sentence for group in open_by_age(world.books, world.clock.now(), code=CANCELLED) for one in group.open]


def told(world: SimulatedWorld) -> int:
    return sum(one.code == CANCELLED for one in newest_alerts(world.books, 50))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("act", [cancel, delete, remove])
def test_money_that_is_kept_for_an_order_nobody_will_ship_is_asked_about_once(
    dialect: str, act: Callable[[SimulatedWorld], None]
) -> None:
    world = world_of(dialect)
    pay_lines(world, ONE_LINE)
    world.settle()
    assert asked(world) == [], "it stands"
    order = written(world, "orders")[0]["key"]
    world.clock.advance(3_600)
    act(world)
    for _ in range(2):
        (sentence,) = asked(world)
        assert f"Sales order {order}" in sentence and "25.00 USD of" in sentence
        assert told(world) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_when_the_money_is_given_back_as_told_nothing_is_asked_any_more(dialect: str) -> None:
    world = world_of(dialect)
    pay_lines(world, ONE_LINE)
    world.settle()
    cancel(world)
    assert len(asked(world)) == 1
    world.stripe_account.refund(charge_of(world), 1_000)
    world.run(world.clock.now() + 60)
    (sentence,) = asked(world)
    assert "15.00 USD of" in sentence
    world.stripe_account.refund(charge_of(world), 1_500)
    world.run(world.clock.now() + 60)
    assert asked(world) == []


def test_a_question_stays_open_however_old_it_becomes() -> None:
    world = world_of("REST orders")
    pay_lines(world, ONE_LINE)
    world.settle()
    cancel(world)
    (first,) = asked(world)
    world.clock.advance(200 * 86_400)
    assert asked(world) == [first]


def test_an_order_that_p21_does_not_show_yet_is_not_asked_about() -> None:
    world = world_of("REST orders")
    pay_lines(world, ONE_LINE)
    world.run(world.clock.now() + 5)
    assert end(world).state == "applied", end(world)
    world.p21_tenant.faults.plan(Fault("stale_read", seconds=50))
    assert asked(world) == []


def test_when_it_is_entered_by_hand_and_accepted_as_told_nothing_is_asked_any_more() -> None:
    world = world_of("REST orders")
    pay_lines(world, ONE_LINE)
    world.settle()
    cancel(world)
    assert "accept this" in asked(world)[0]
    (group,) = open_by_age(world.books, world.clock.now(), code=CANCELLED)
    accept(world.books, group.open[0].id, Decision("Ann Larch", "entered as order 77", world.clock.now()))
    assert asked(world) == []


def test_an_order_whose_run_waits_for_a_person_is_asked_about_there_and_not_twice() -> None:
    world = world_of("REST orders")
    pay_lines(world, ONE_LINE.replace("WIDGET-001", "NO-SUCH"))
    world.settle()
    assert end(world).state == "parked"
    assert asked(world) == []
