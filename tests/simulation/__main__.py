"""./simulate --seeds N: seeded worlds one after the other; the last line is the verdict."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from tests.databases import Databases, fresh
from tests.simulation.luck import luck_of, shape_of
from tests.simulation.world import SimulatedWorld

ORDERS = 4
CHUNK = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one seed came to; ``wrong`` says in words what is lost, doubled or unbalanced."""

    seed: int
    applied: int
    parked: int
    crashes: int
    lost: int
    doubled: int
    wrong: tuple[str, ...]


def one(seed: int, databases: Databases = fresh) -> Outcome:
    """Play one seed to its end and audit it."""
    world = SimulatedWorld(seed, luck_of(seed), shape_of(seed), databases)
    try:
        world.play(ORDERS)
        world.settle()
        found = world.verdict()
    except AssertionError as error:
        return Outcome(seed, 0, 0, world.crashes, 1, 0, (str(error),))
    wrong = found.faults
    if not found.clean and not wrong:
        wrong = (found.line(),)
    return Outcome(seed, found.applied, found.parked, world.crashes, len(found.lost), len(found.doubled), wrong)


def many(seeds: Iterable[int]) -> list[Outcome]:
    """Play several seeds."""
    return [one(seed) for seed in seeds]


def main() -> None:
    """Play the seeds in as many processes as there are processors."""
    parser = argparse.ArgumentParser(prog="./simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    chosen = parser.parse_args()
    last = chosen.first + chosen.seeds
    chunks = [range(start, min(start + CHUNK, last)) for start in range(chosen.first, last, CHUNK)]
    lost = doubled = applied = crashes = wrong = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for outcomes in pool.map(many, chunks):
            for outcome in outcomes:
                lost, doubled, wrong = lost + outcome.lost, doubled + outcome.doubled, wrong + len(outcome.wrong)
                applied, crashes = applied + outcome.applied, crashes + outcome.crashes
                for text in outcome.wrong:
                    print(f"seed {outcome.seed}: {text}", flush=True)
    print(f"{applied} payments applied through {crashes} crashes")
    print(f"seeds {chosen.seeds}, lost {lost}, doubled {doubled}, wrong {wrong}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
