"""Each planted bug is found by the harness that is named for it, and a Tieout without any is clean."""

from __future__ import annotations

import pytest

from tests.canaries import books, doors, fences, lanes, values
from tests.canaries._canary import Canary
from tests.canaries.harnesses import HARNESSES

CANARIES: tuple[Canary, ...] = (
    *values.CANARIES, *fences.CANARIES, *lanes.CANARIES, *books.CANARIES, *doors.CANARIES,
)  # fmt: skip


@pytest.mark.parametrize("harness", HARNESSES)
def test_nothing_planted_is_clean(harness: str) -> None:
    assert list(HARNESSES[harness]()) == []


@pytest.mark.parametrize("canary", CANARIES, ids=lambda one: one.name)
def test_what_is_planted_is_found(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    canary.plant(monkeypatch.setattr)
    assert list(HARNESSES[canary.harness]()), f"{canary.harness} is blind to: {canary.name}"
