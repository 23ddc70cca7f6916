"""The harnesses in a quick form. Each answers what is wrong, in words; nothing for a Tieout that is right."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from simulators.trial import workload
from tests.simulation.world import Luck, Shape, SimulatedWorld

STORIES = (workload.known_by_mail, workload.brand_new, workload.abroad, workload.guest, workload.from_the_store,
           workload.known_by_mail, workload.invoiced, workload.brand_new, workload.ambiguous, workload.refused)  # fmt: skip
DIALECTS: Mapping[str, Shape] = {
    "middleware": Shape(p21_settings={"receipts_by": "window"}),
    "gateway": Shape(p21_settings={"dialect": "gateway"}),
}


def mirror() -> Sequence[str]:
    """What was sold against what P21 keeps, nothing going wrong, in both dialects (``./simulate`` with the auditor)."""
    return [f"{name}: {words}" for name, shape in DIALECTS.items() for words in _sold(shape)]


def _sold(shape: Shape) -> Sequence[str]:
    world, dice = SimulatedWorld(3, Luck(), shape), random.Random("canaries")
    for story in STORIES:
        world.sales.append(story(world, dice))
        world.run(world.clock.now() + 20)
    world.settle()
    return world.verdict().faults


HARNESSES: Mapping[str, Callable[[], Sequence[str]]] = {one.__name__: one for one in (mirror,)}
