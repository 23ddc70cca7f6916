"""A worker that stands still is taken for dead: another goes on with its work, and then the first wakes up."""

from __future__ import annotations

import random

import pytest

from simulators.trial import workload
from tests.simulation.luck import SHAPES
from tests.simulation.standing import Standing
from tests.simulation.steps import ends, written
from tests.simulation.world import Shape

GATEWAY = SHAPES[-1]
MOMENTS = ("write.after_claim", "write.before_mark", "write.before_send", "write.after_send", "write.after_confirm",
           "p21.read.before_send", "p21.read.after_send", "p21.write.before_send", "p21.write.after_send",
           "stripe.write.before_send", "stripe.write.after_send")  # fmt: skip


@pytest.mark.parametrize("passing", [1, 2])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("shape", [SHAPES[0], GATEWAY], ids=["middleware", "gateway"])
def test_whoever_wakes_up_after_another_has_done_its_work_writes_nothing(
    shape: Shape, moment: str, passing: int
) -> None:
    world = Standing(moment, passing, shape)
    world.sales.append(workload.brand_new(world, random.Random(1)))
    world.settle()
    assert [line.state for line in ends(world)] == ["applied"]
    assert (len(written(world, "orders")), len(written(world, "payments"))) == (1, 1)
    assert world.verdict().clean, world.verdict()
