"""A worker that stands still is taken for dead: another goes on with its work, and then the first wakes up."""

from __future__ import annotations

import random

import pytest

from simulators.trial import workload
from tests.simulation.luck import SHAPES
from tests.simulation.steps import ends, written
from tests.simulation.world import Luck, Shape, SimulatedWorld

GATEWAY = SHAPES[-1]
MOMENTS = ("write.after_claim", "write.before_mark", "write.before_send", "write.after_send", "write.after_confirm",
           "p21.read.before_send", "p21.read.after_send", "p21.write.before_send", "p21.write.after_send",
           "stripe.write.before_send", "stripe.write.after_send")  # fmt: skip


class Standing(SimulatedWorld):
    """A world whose worker stands still for ten minutes, the so-and-so-manieth time that it passes one moment."""

    def __init__(self, moment: str, passing: int, shape: Shape) -> None:
        super().__init__(1, Luck(), shape)
        self.moment, self.left = moment, passing

    def _maybe_die(self, name: str) -> None:
        if name == self.moment and self._walking and not self._standing:
            self.left -= 1
            if self.left == 0:
                self._stand_still()


@pytest.mark.parametrize("passing", [1, 2])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("shape", [SHAPES[0], GATEWAY], ids=["middleware", "gateway"])
def test_whoever_wakes_up_after_another_has_done_its_work_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, shape: Shape, moment: str, passing: int
) -> None:
    monkeypatch.setattr("tests.simulation.world.STANDSTILL_SECONDS", (600.0,))
    world = Standing(moment, passing, shape)
    world.sales.append(workload.brand_new(world, random.Random(1)))
    world.settle()
    assert [line.state for line in ends(world)] == ["applied"]
    assert (len(written(world, "orders")), len(written(world, "payments"))) == (1, 1)
    assert world.verdict().clean, world.verdict()
