"""Work that grows with the length and no faster, whatever numbers are chosen (case D8; security S46)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from tieout.app.house import template
from tieout.domain.mapping.expression import Expression
from tieout.domain.workflow.checks import NODES_MAX, check
from tieout.nodes._catalogue import node_forms

MODULUS = sys.hash_info.modulus
SECONDS_MAX = 1.0  # many times what it takes here; colliding hashes took ten


def multiples(count: int) -> list[Decimal]:
    return [Decimal(MODULUS) * place for place in range(1, count + 1)]


def fractions(count: int) -> list[Decimal]:
    return [(Decimal(MODULUS) * place).scaleb(-3) for place in range(1, count + 1)]


@pytest.mark.parametrize("numbers", [multiples, fractions], ids=["of one residue", "scaled"])
@pytest.mark.parametrize(
    "source", ["count(distinct(list))", "count(distinct(list, x => [x]))", "count(distinct(list, x => {a: x}))"]
)
def test_numbers_of_one_hash_cost_no_more_than_others(numbers: Callable[[int], list[Decimal]], source: str) -> None:
    found, began = Expression.parse(source), time.perf_counter()
    assert found.value({"list": list(numbers(3_000))}) == 3_000
    assert time.perf_counter() - began < SECONDS_MAX


@pytest.mark.parametrize(("values", "count"), [([1, 1, 10], 2), (["1.0", "1.00", "0", "-0"], 2), (["1e2", "100"], 1)])
def test_equal_numbers_are_one_however_they_are_written(values: list[object], count: int) -> None:
    assert Expression.parse("count(distinct(list))").value({"list": [Decimal(str(one)) for one in values]}) == count


def test_a_drawing_as_long_as_may_be_is_checked_in_a_moment() -> None:
    drawn = template("order_to_cash")
    node = next(one for one in drawn.nodes if one.type == "stripe_fetch")
    nodes = tuple(
        replace(node, id=f"n{place}", into=f"v{place}", next=f"n{place + 1}" if place < NODES_MAX - 1 else "")
        for place in range(NODES_MAX)
    )
    began = time.perf_counter()
    assert check(replace(drawn, nodes=nodes), node_forms()) == ()
    assert time.perf_counter() - began < 5 * SECONDS_MAX
