"""The same worlds on PostgreSQL as in SQLite's memory: what became of each payment may not hang on the database."""

from __future__ import annotations

import pytest

from tests.databases import in_memory, on_a_server
from tests.simulation.__main__ import one

CHUNKS = 4
SEEDS = 5  # of each chunk


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_what_becomes_of_every_payment_is_the_same_on_postgresql(chunk: int) -> None:
    for seed in range(1 + chunk * SEEDS, 1 + (chunk + 1) * SEEDS):
        on_postgresql = one(seed, on_a_server)
        assert on_postgresql.wrong == ()
        assert on_postgresql == one(seed, in_memory)
