"""A long list in parts: nothing lost, nothing doubled, the order kept."""

from __future__ import annotations

import pytest

from tieout.kernel.slices import slices


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])])
def test_the_parts_are_the_whole(count: int, sizes: list[int]) -> None:
    parts = list(slices(range(count), 3))
    assert [len(part) for part in parts] == sizes
    assert [one for part in parts for one in part] == list(range(count))
