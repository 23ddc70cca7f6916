"""Laws of the expression language that hold for all values."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.mapping.apply import apply
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.field_map import FieldMap, TargetField
from tieout.domain.mapping.path import segments
from tieout.domain.mapping.values import Value
from tieout.kernel.money import CURRENCIES

numbers = st.decimals(min_value=-(10**15), max_value=10**15, places=4)
minors = st.integers(-(10**15), 10**15)
texts = st.text(max_size=60)
scalars = st.none() | st.booleans() | numbers | texts
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)


def value(source: str, **inputs: object) -> Value:
    return Expression.parse(source).value(inputs)


@given(minors, st.sampled_from(sorted(CURRENCIES)))
def test_money_and_minor_undo_each_other(minor: int, currency: str) -> None:
    assert value("minor(money(a, c), c)", a=minor, c=currency) == minor


@given(numbers, numbers)
def test_arithmetic_is_exact_and_agrees_with_order(a: Decimal, b: Decimal) -> None:
    assert value("a + b - b = a", a=a, b=b) is True
    assert value("(a < b) != (a >= b)", a=a, b=b) is True
    assert value("max(a, b) + min(a, b) = a + b", a=a, b=b) is True


@given(numbers)
def test_text_and_number_undo_each_other(a: Decimal) -> None:
    assert value("number(text(a))", a=a) == a


@given(values)
def test_every_value_equals_itself_and_passes_unchanged(a: Value) -> None:
    assert value("a", a=a) == a
    assert value("a = a and [a] = [a] and {x: a} = {x: a}", a=a) is True
    assert value("a in [a]", a=a) is True


@given(texts, st.integers(0, 60))
def test_truncate_never_grows_and_only_cuts(a: str, length: int) -> None:
    found = value("truncate(a, n)", a=a, n=length)
    assert isinstance(found, str)
    assert len(found) <= max(length, 0)
    assert a.startswith(found)


@given(st.text(max_size=200))
def test_cleansing_twice_changes_nothing_more(a: str) -> None:
    once = value("cleanse(a)", a=a)
    assert value("cleanse(a)", a=once) == once
    squeezed = value("squeeze(a)", a=a)
    assert value("squeeze(a)", a=squeezed) == squeezed
    plain = value("ascii(a)", a=a)
    assert isinstance(plain, str)
    assert plain.isascii()


@given(st.lists(texts, min_size=1, max_size=6))
def test_split_undoes_join(parts: list[str]) -> None:
    safe = [part.replace("|", "") for part in parts]
    assert value("split(join(a, '|'), '|')", a=safe) == safe


@given(st.lists(numbers, max_size=12))
def test_lists(a: list[Decimal]) -> None:
    assert value("sort_by(a, x => x)", a=a) == sorted(a)
    assert value("sum(a)", a=a) == sum(a, Decimal(0))
    assert value("count(filter(a, x => x > 0)) + count(a, x => x <= 0) = count(a)", a=a) is True
    assert value("all(a, x => x > 0) = not any(a, x => x <= 0)", a=a) is True


@given(st.integers(-60_000_000_000, 250_000_000_000))
def test_dates_come_back(seconds: int) -> None:
    text = value("date(a, 'yyyy-MM-ddTHH:mm:ss')", a=seconds)
    assert value("date(a & 'Z', 'yyyy-MM-ddTHH:mm:ss')", a=text) == text


@given(st.dictionaries(st.text(max_size=8), scalars, max_size=4), st.data())
def test_a_reference_names_the_way_to_the_value(fields: dict[str, Value], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*fields, "other"]))
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    if any(ord(one) < 32 or one == "\x7f" or "\ud800" <= one <= "\udfff" for one in name):
        return
    found = Expression.parse(f"a['{quoted}']")
    (path,) = found.references
    assert found.value({"a": fields}) == fields.get(name)
    assert segments(path) == ("a", name)


@given(values, st.sampled_from(["text", "number", "date", "bool", "list", "object", "any"]), st.integers(0, 10))
def test_a_document_is_sendable_or_has_a_problem(a: Value, kind: Any, length: int) -> None:
    target = TargetField("f", kind, length=length, required=True, decimals=2)
    found = apply(FieldMap.parse({"f": "a"}, (target,)), {"a": a})
    assert found.document or found.problems
    if not found.problems:
        json.dumps(found.document, ensure_ascii=False).encode()
