"""Whose clock is right is not known after a restart: what another process waited for is waited for anew (case T1)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from simulators.faults import Fault
from simulators.trial import workload
from tests.simulation.steps import ends, written
from tests.simulation.world import SETTLE_SECONDS, SimulatedWorld
from tieout.app.connection_book import ConnectionBook
from tieout.nodes._ports import Ports

WRITES = ("POST /api/sales/orders/", "tapi CashReceipts", "POST /api/entity/customers/")
LATE_SECONDS = SETTLE_SECONDS - 10.0
STEP_SECONDS = 0.5


def restarted(world: SimulatedWorld, ahead_seconds: float) -> Ports:
    """The ports of a new process whose clock is ahead of the last one's."""

    def clock() -> float:
        return world.clock.now() + ahead_seconds

    connections = ConnectionBook(world.books, world.vault, clock, world._transport)
    return replace(world._fresh_ports(), clock=clock, connections=connections)


def let_pass(world: SimulatedWorld, seconds: float) -> None:
    """Let time pass without asking when anything is due: that is kept in the clock of a process that is gone."""
    until = world.clock.now() + seconds
    while world.clock.now() < until:
        while world._step():
            pass
        world.clock.advance(STEP_SECONDS)


@pytest.mark.parametrize("ahead_seconds", [3600.0, 86_400.0, 5.0])
@pytest.mark.parametrize("operation", WRITES)
def test_a_clock_put_forward_between_two_processes_doubles_nothing(operation: str, ahead_seconds: float) -> None:
    world = SimulatedWorld(3)
    world.p21_tenant.faults.plan(Fault("late_commit", operation, times=1, seconds=LATE_SECONDS))
    world.sales.append(workload.brand_new(world, random.Random(1)))
    let_pass(world, 5)
    assert world.p21_tenant.faults.struck == {"late_commit": 1}
    world.ports = restarted(world, ahead_seconds)
    let_pass(world, 4 * SETTLE_SECONDS)
    assert [line.state for line in ends(world)] == ["applied"]
    assert {kind: len(written(world, kind)) for kind in ("customers", "orders", "payments")} == {
        "customers": 1,
        "orders": 1,
        "payments": 1,
    }


def test_the_first_of_two_empty_looks_counts_anew_too() -> None:
    """The second look must come some seconds after the first, by the clock of whoever looks."""
    world = SimulatedWorld(3)
    world.p21_tenant.faults.plan(Fault("late_commit", WRITES[0], times=1, seconds=SETTLE_SECONDS + 12.0))
    world.sales.append(workload.brand_new(world, random.Random(1)))
    let_pass(world, SETTLE_SECONDS + 3)
    with world.books.reading() as db:
        assert db.exec_driver_sql("SELECT looks FROM intents WHERE state = 'sending'").scalar() == 1
    world.ports = restarted(world, 3600.0)
    let_pass(world, 4 * SETTLE_SECONDS)
    assert len(written(world, "orders")) == 1
