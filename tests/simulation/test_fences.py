"""Who may write for a run: the leg that owns it, one at a time, and whoever comes after one that has ended."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import sqlalchemy as sa

from simulators.faults import Fault
from simulators.trial import workload
from tests.simulation.steps import ONE_LINE, end, pay_lines
from tests.simulation.world import SimulatedWorld
from tieout.domain.retrying import RetryPolicy
from tieout.domain.writing import Intent, State
from tieout.operations.keep_intent import Busy, Owner, change_intent, claim_intent
from tieout.operations.rest_run import Unsaved
from tieout.store import intents, runs
from tieout.store.tables import runs as run_table

WANTED = Intent("p21", "TOFENCETESTREFERENCE", "sales_order", {"customer_id": "1"}, subject="ord_1")
NOTHING = Unsaved(0, ())


def two_runs() -> tuple[SimulatedWorld, runs.RunRow, runs.RunRow]:
    """A world with two runs on their way, because P21 is away."""
    world = SimulatedWorld(1)
    world.p21_tenant.faults.plan(Fault("down"))
    for seed in (1, 2):
        world.sales.append(workload.brand_new(world, random.Random(seed)))
    world.run(world.clock.now() + 60)
    first, second = (run_of(world, name) for name in running(world))
    assert first is not None and second is not None
    return world, first, second


def running(world: SimulatedWorld) -> list[str]:
    with world.books.reading() as db:
        return sorted(db.execute(sa.select(run_table.c.id).where(run_table.c.state == "waiting")).scalars())


def run_of(world: SimulatedWorld, name: str) -> runs.RunRow | None:
    with world.books.reading() as db:
        return runs.run(db, name)


def taken_over(world: SimulatedWorld, run: runs.RunRow) -> None:
    with world.books.transaction() as db:
        runs.set_run(db, run.id, None, epoch=run.epoch + 1)


def test_a_leg_that_was_overtaken_can_claim_nothing() -> None:
    world, run, _ = two_runs()
    taken_over(world, run)
    with pytest.raises(runs.StaleRun):
        claim_intent(world.books, Owner(run, "write_order"), WANTED, NOTHING, world.clock.now())
    with world.books.reading() as db:
        assert intents.get(db, WANTED.connection, WANTED.reference) is None


def test_a_leg_that_was_overtaken_can_mark_nothing() -> None:
    world, run, _ = two_runs()
    owner = Owner(run, "write_order")
    claim_intent(world.books, owner, WANTED, NOTHING, world.clock.now())
    taken_over(world, run)
    with pytest.raises(runs.StaleRun):
        change_intent(world.books, owner, replace(WANTED, state=State.SENDING), world.clock.now())
    with world.books.reading() as db:
        kept = intents.get(db, WANTED.connection, WANTED.reference)
    assert kept is not None and kept.intent.state is State.CLAIMED


def test_what_a_run_on_its_way_holds_is_busy_and_what_an_ended_one_holds_is_not() -> None:
    world, first, second = two_runs()
    claim_intent(world.books, Owner(first, "write_order"), WANTED, NOTHING, world.clock.now())
    found = claim_intent(world.books, Owner(second, "write_order"), WANTED, NOTHING, world.clock.now())
    assert isinstance(found, Busy) and found.run == first.id
    with world.books.transaction() as db:
        runs.set_run(db, first.id, None, state="parked")
    found = claim_intent(world.books, Owner(second, "write_order"), WANTED, NOTHING, world.clock.now())
    assert isinstance(found, intents.KeptIntent) and found.run == second.id


def test_a_run_ends_after_so_many_failed_tries_and_an_outage_is_none_of_them() -> None:
    world = SimulatedWorld(1)
    world.p21_tenant.faults.plan(Fault("down"))
    pay_lines(world, ONE_LINE)
    world.run(world.clock.now() + 7_200)
    waiting = run_of(world, end(world).run)
    assert waiting is not None and (waiting.state, waiting.attempts) == ("waiting", 0)
    world.p21_tenant.faults.clear()
    world.p21_tenant.faults.plan(Fault("server_error", "odata"))
    seen = list[int]()
    while end(world).state != "parked":
        world.run(world.clock.now() + 60)
        found = run_of(world, end(world).run)
        seen.append(found.attempts if found else -1)
    assert seen == sorted(seen) and 0 < seen[0] < seen[-1] < RetryPolicy().attempts_max
    assert f"It was tried {RetryPolicy().attempts_max} times" in end(world).sentence
