"""Comparing large values is paid for before it is done: an expression ends soon, whatever it compares."""

from __future__ import annotations

import time
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.domain.mapping.errors import ExpressionError, Refused
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.operators import equal
from tieout.domain.mapping.run import Budget

SECONDS_MAX = 5.0
MANY = "," * 9_000
OBJECT = {f"k{i}": 1 for i in range(50_000)}
PAIRS: dict[str, tuple[Any, Any]] = {
    "lists that differ at the end": ([1] * 10_000, [1] * 9_999 + [2]),
    "lists that differ at the start": ([1] * 10_000, [2] + [1] * 9_999),
    "objects of other values": (OBJECT, {**OBJECT, "k49999": 2}),
    "objects of other keys": (OBJECT, {**dict.fromkeys(list(OBJECT)[:-1], 1), "zz": 1}),
    "lists of lists": ([[1] * 100] * 100, [[1] * 100] * 99 + [[1] * 99 + [2]]),
    "objects in a list": ([{"a": [1] * 90}] * 100, [{"a": [1] * 90}] * 99 + [{"a": [1] * 89 + [2]}]),
}
leaves = st.none() | st.booleans() | st.text(max_size=3)
values: st.SearchStrategy[Any] = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=2), inner, max_size=6)
)


@pytest.mark.parametrize("source", ["count(split(x, ','), s => a = b)", "count(split(x, ','), s => a in [b, b, b])"])
@pytest.mark.parametrize("pair", PAIRS)
def test_a_large_comparison_made_often_is_refused_soon(pair: str, source: str) -> None:
    a, b = PAIRS[pair]
    started = time.process_time()
    with pytest.raises(ExpressionError, match="too much work"):
        Expression.parse(source).value({"x": MANY, "a": a, "b": b})
    assert time.process_time() - started < SECONDS_MAX


@given(values)
@settings(max_examples=300)
def test_equal_values_cost_what_they_hold(value: Any) -> None:
    held = size(value)
    assert equal(value, deepcopy(value), Budget(steps=2 * held))
    with pytest.raises(Refused):
        equal(value, deepcopy(value), Budget(steps=held - 1))


def size(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(size(one) for one in inner)
