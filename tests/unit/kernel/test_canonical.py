"""Canonical JSON: equal things have one text, and numbers come back as the numbers they were."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.kernel.canonical import canonical, fingerprint, pack, unpack

leaves = st.none() | st.booleans() | st.text() | st.decimals(allow_nan=False, allow_infinity=False, places=4)
values = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner), max_leaves=20
)


def test_the_order_of_fields_does_not_matter() -> None:
    assert canonical({"b": 1, "a": [Decimal("12.50")]}) == '{"a":["12.50"],"b":1}'
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


@given(values)
def test_packed_values_come_back_equal(value: object) -> None:
    assert unpack(pack(value)) == value


def test_what_is_not_json_is_refused_by_its_type() -> None:
    with pytest.raises(TypeError, match="object has no place in JSON"):
        canonical(object())
