"""Twelve kinds of defects among 5,000 rows: each is found, and nothing else is said (accounting C3)."""

from __future__ import annotations

from bench._statement_world import StatementWorld
from tests.simulation.planted import find_what_is_planted


def test_every_planted_defect_is_found_and_none_falsely_raised() -> None:
    find_what_is_planted(StatementWorld(1, 5_000, payouts_count=24), 1, 1)
