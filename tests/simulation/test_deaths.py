"""Whoever dies at the commit of any operation, before it or after it, loses and doubles nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from simulators.faults import Fault
from simulators.trial import workload
from tests.simulation.deaths import Dying, Place
from tests.simulation.luck import SHAPES
from tests.simulation.world import Shape
from tieout.app.house import template
from tieout.kernel.failures import Failed
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.operations.retire_workflow import retire_workflow
from tieout.store.tables import runs

GATEWAY = SHAPES[-1]
MIDDLEWARE = Shape(p21_settings={"receipts_by": "window"})
NEEDED = ("begin_leg", "start_run", "rest_run", "rest_event", "end_event", "replay", "publish_workflow", "keep_intent",
          "take_up_events", "mark_submitted", "receive_events", "keep_changes", "form_journals", "pause_connection")  # fmt: skip


def lived(world: Dying) -> Dying:
    """Two orders, one that is parked, mended and replayed, a refund, an outage, a new version, a payout, the books."""
    dice = random.Random(1)
    for story in (workload.known_by_mail, workload.unknown_item, workload.brand_new):
        world.sales.append(story(world, dice))
        world.run(world.clock.now() + 30)
    world.stripe_account.refund(world.sales[0].paid.charge, 120)
    world.p21_tenant.faults.plan(Fault("down", times=4))
    world.sales.append(workload.guest(world, dice))
    world.run(world.clock.now() + 300)
    world.p21_tenant.add_item("UNHEARD-OF", "Now P21 knows it", "19.99")
    world.sales[1] = _mended(world.sales[1])
    for run in parked(world):
        world.person(partial(replay_run, world.books, run, world.clock.now()), partial(_is_replayed, world, run))
    at = world.clock.now()
    for act in (partial(retire_workflow, world.books, "dispute", at), partial(publish_workflow, world.books, template("dispute"), at)):  # fmt: skip
        _until_said(world, act)
    world.pass_days(3)
    world.stripe_account.pay_out()
    world.pass_days(2)
    world.everything()
    return world


def _is_replayed(world: Dying, run: str) -> bool:
    return run not in parked(world)


def _until_said(world: Dying, act: Callable[[], object]) -> None:
    """Do it until the command has answered; that it was done already is an answer."""
    said = list[object]()

    def asked() -> None:
        try:
            said.append(act())
        except Failed as refused:
            said.append(refused)

    world.person(asked, lambda: bool(said))


def _mended(sale: workload.Sale) -> workload.Sale:
    return workload.Sale(sale.story, "applied", sale.paid, "", sale.sold)


def parked(world: Dying) -> list[str]:
    with world.books.reading() as db:
        return list(db.execute(sa.select(runs.c.id).where(runs.c.state == "parked")).scalars())


def places(shape: Shape) -> list[Place]:
    """Every operation that commits in such a life, before and after its commit."""
    return sorted(lived(Dying(shape)).passed)


def test_a_life_passes_the_operations_that_matter() -> None:
    files = {operation.partition(".")[0] for operation, _ in places(MIDDLEWARE)}
    assert [one for one in NEEDED if one not in files] == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("shape", [MIDDLEWARE, GATEWAY], ids=["middleware", "gateway"])
def test_dying_at_the_commit_of_any_operation_loses_and_doubles_nothing(shape: Shape, part: int) -> None:
    for place in places(shape)[part::4]:
        world = lived(Dying(shape, place))
        assert world.fatal is None and world.crashes == 1, place
        found = world.verdict()
        assert found.clean, (place, found)
        world.identities()
        world.p21_agrees()
