"""Three of each of twelve kinds of defects among 100,000 rows and 60 payouts in three currencies (accounting C3)."""

from __future__ import annotations

import pytest

from bench._statement_world import StatementWorld
from tests.simulation.planted import find_what_is_planted


@pytest.mark.slow
def test_every_planted_defect_is_found_and_none_falsely_raised() -> None:
    find_what_is_planted(StatementWorld(7, 100_000), 7, 3)
