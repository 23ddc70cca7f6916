"""Real kill -9 of web and worker, P21 committing late: nothing lost, nothing doubled (reliability D2), and no blind eye."""

from __future__ import annotations

import importlib
import pkgutil
import time
from pathlib import Path

import pytest

import tieout
from tests.crash.harness import deaths, random_cycles
from tests.crash.planted import BUGS
from tieout.kernel import crash

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
CYCLES = 8
SEEDS_FOR_A_BUG = 4


def every_crash_point() -> tuple[str, ...]:
    """The registry, once every module of the product is imported."""
    for module in pkgutil.walk_packages(tieout.__path__, "tieout."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return crash.registered()


@pytest.mark.parametrize("half", [0, 1])
def test_dying_at_any_crash_point_loses_and_doubles_nothing(tmp_path: Path, half: int) -> None:
    points = every_crash_point()[half::2]
    assert len(points) > 10
    found, unreached = deaths(tmp_path, points, 1 + half)
    assert unreached == []
    assert found.clean, found
    assert found.applied >= 3 * len(points)


def test_dying_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    seed = int(time.time())
    found = random_cycles(tmp_path, CYCLES, seed)
    assert found.clean, (seed, found)
    assert found.applied


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(tmp_path: Path, bug: str) -> None:
    for seed in range(1, 1 + SEEDS_FOR_A_BUG):
        (tmp_path / str(seed)).mkdir(0o700)
        found = random_cycles(tmp_path / str(seed), CYCLES, seed, plant=bug)
        if found.doubled or [words for words in found.lost if "has no end" not in words]:
            return
    raise AssertionError(f"the harness is blind to: {bug}")
