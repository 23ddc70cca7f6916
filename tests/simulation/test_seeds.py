"""Hundreds of seeded worlds with faults of every kind: nothing lost, nothing doubled, and the harness can see both."""

from __future__ import annotations

import itertools
import os

import pytest

from tests.crash import planted
from tests.simulation.__main__ import ORDERS, many, one
from tests.simulation.luck import shape_of
from tests.simulation.world import Luck, SimulatedWorld
from tieout.app.connection_book import ConnectionBook
from tieout.domain import writing
from tieout.nodes import _writing

SEEDS = 400 if os.environ.get("CI") else 100
CHUNKS = 10


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_nothing_is_lost_or_doubled(chunk: int) -> None:
    size = SEEDS // CHUNKS
    outcomes = many(range(1 + chunk * size, 1 + (chunk + 1) * size))
    assert [(outcome.seed, outcome.wrong) for outcome in outcomes if outcome.wrong] == []
    assert sum(outcome.applied for outcome in outcomes) >= size * ORDERS // 4, "a run without successes proves nothing"
    assert sum(outcome.crashes for outcome in outcomes) > 0


@pytest.mark.slow
@pytest.mark.parametrize("bug", ["look up without settling", "resend on error"])
def test_a_planted_bug_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in ((writing, "after_look"), (ConnectionBook, "settle_seconds"), (_writing, "_send")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    planted.BUGS[bug]()
    assert any(one(seed).doubled for seed in range(1, 200)), f"the harness is blind to: {bug}"


def test_the_same_seed_plays_the_same_world() -> None:
    first, second = one(7), one(7)
    assert first == second


@pytest.mark.slow
@pytest.mark.parametrize("first", range(5))
def test_five_events_of_a_payment_in_any_order_and_many_times_over_end_the_same(first: int) -> None:
    """Every order of five events, each delivered up to fifty times (reliability A4, A5, T9)."""
    ends = set()
    for order in itertools.permutations(range(5)):
        if order[0] == first:
            ends.add(_end_of(order, copies=50 if order == tuple(sorted(order)) else 1 + order[1]))
    ends.add(_end_of((0, 1, 2, 3, 4), copies=1))
    assert len(ends) == 1


def _end_of(order: tuple[int, ...], copies: int) -> tuple[object, ...]:
    world = SimulatedWorld(11, Luck(), shape_of(0))
    world.play_shuffled(order, copies=copies)
    world.settle()
    found = world.verdict()
    assert found.clean, (order, found)
    return found.applied, found.parked, world.written()
