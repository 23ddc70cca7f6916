"""An answer of which only half arrived is asked for again, and parks nothing unless it stays so (case T4)."""

from __future__ import annotations

import pytest

from simulators.faults import Fault
from simulators.trial import workload
from tests.simulation.steps import ends, written
from tests.simulation.world import Luck, SimulatedWorld

HALF = ({"kind": "half_answer", "operation": "", "probability": 0.05},)


@pytest.mark.parametrize("seed", range(3))
def test_a_few_half_answers_park_no_payment_and_double_nothing(seed: int) -> None:
    world = SimulatedWorld(seed, Luck(p21=HALF))
    world.play(6)
    struck = world.p21_tenant.faults.struck.get("half_answer", 0)
    world.settle()
    assert struck
    verdict = world.verdict()
    assert verdict.lost == verdict.doubled == ()
    assert [line.sentence for line in ends(world) if "P21 answered" in line.sentence or "router" in line.sentence] == []


@pytest.mark.parametrize(
    "operation", ["GET /api/sales/orders/", "odata ", "POST /api/sales/orders/", "tapi CashReceipts"]
)
def test_half_an_answer_to_any_question_or_write_is_no_reason_to_stop(operation: str) -> None:
    world = SimulatedWorld(7)
    world.p21_tenant.faults.plan(Fault("half_answer", operation, times=2))
    world.sales.append(workload.brand_new(world, world.dice))
    world.run(world.clock.now() + 900)
    world.settle()
    assert [line.state for line in ends(world)] == ["applied"]
    assert [len(written(world, kind)) for kind in ("orders", "payments")] == [1, 1]


def test_what_stays_half_is_parked_with_a_sentence_that_says_where_to_look() -> None:
    world = SimulatedWorld(7)
    world.p21_tenant.faults.plan(Fault("half_answer", "odata "))
    world.sales.append(workload.brand_new(world, world.dice))
    world.run(world.clock.now() + 12 * 3600)
    (line,) = ends(world)
    assert line.state == "parked"
    assert "with only a part of an answer" in line.sentence
