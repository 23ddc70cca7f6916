"""Every function: complete, found by its file, and doing what its examples say."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tieout.domain.mapping import transforms
from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.registry import TRANSFORMS, catalogue
from tieout.domain.mapping.transforms._transform import EXAMPLE_TABLES, Transform
from tieout.domain.mapping.values import Value

EXAMPLES = [(source, value) for one in TRANSFORMS.values() for source, value in one.expected()]
FILES = sorted(path.stem for path in Path(transforms.__path__[0]).glob("[!_]*.py"))


def value(source: str) -> Value:
    return Expression.parse(source).value({}, EXAMPLE_TABLES)


@pytest.mark.parametrize(("source", "expected"), EXAMPLES, ids=[source for source, _ in EXAMPLES])
def test_examples_are_true(source: str, expected: Value) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(("source", "expected"), EXAMPLES, ids=[source for source, _ in EXAMPLES])
def test_examples_have_the_declared_result(source: str, expected: Value) -> None:
    kinds = {bool: "bool", Decimal: "number", str: "text", list: "list", dict: "object"}
    found = Expression.parse(source).type.kind
    assert expected is None or found in (kinds[type(expected)], "any", "null")


def test_one_file_one_function() -> None:
    assert list(TRANSFORMS) == FILES


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=list(TRANSFORMS))
def test_is_complete(transform: Transform) -> None:
    assert transform.title and not transform.title.endswith(".")
    assert transform.title[0].isupper() or not transform.title[0].isalpha()
    assert transform.group and transform.parsed.parameters
    assert transform.examples, "examples are its tests and its help"
    assert all(transform.name in source for source, _ in transform.examples)


def test_catalogue_lists_every_function_for_a_screen() -> None:
    entries = {entry.name: entry for entry in catalogue()}
    assert list(entries) == sorted(TRANSFORMS)
    money = entries["money"]
    assert money.signature == "money(minor: number, currency: text) -> number"
    assert [(one.name, one.kind, one.optional) for one in money.arguments] == [
        ("minor", "number", False),
        ("currency", "text", False),
    ]
    assert entries["sum"].arguments[1].kind == "T => number"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("money(-5, 'usd')", Decimal("-0.05")),
        ("text(money(100, 'usd'))", "1.00"),
        ("money(12.5, 'usd')", Decimal("0.125")),
        ("text(money(5, 'isk'))", "0.05"),
        ("truncate('e\u0301e\u0301', 3)", "e\u0301"),
        ("truncate('👩\u200d👩\u200d👧 x', 3)", ""),
        ("truncate('a👍🏽', 2)", "a"),
        ("truncate('🇩🇪🇫🇷', 3)", "🇩🇪"),
        ("cleanse('a\u200d\u202eb\ufeff')", "ab"),
        ("ascii('Zażółć “gęślą” jaźń')", 'Zazolc "gesla" jazn'),
        ("email('a@b')", None),
        ("email('a b@c.de')", None),
        ("email('a@@c.de')", None),
        ("first_name('van der Berg, Jan')", "Jan"),
        ("last_name('van der Berg, Jan')", "van der Berg"),
        ("last_name('')", None),
        ("date('2024-07-01T00:00:00+02:00', 'yyyy-MM-dd HH:mm', 'UTC')", "2024-06-30 22:00"),
        ("date('2024-07-01 10:00', 'HH:mm', 'America/New_York')", "10:00"),
        ("date(-1, 'yyyy-MM-dd HH:mm:ss')", "1969-12-31 23:59:59"),
        ("date(1.9, 'ss')", "01"),
        ("sort_by([{k: 2}, {}, {k: 1}], x => x.k)", [{"k": Decimal(1)}, {"k": Decimal(2)}, {}]),
        ("matches('', '*')", True),
        ("matches('ab', 'a*b*')", True),
        ("matches('aab', 'a?b')", True),
        ("matches('a.b', 'a[.]b')", False),
        ("part('abc', 7, 2)", ""),
        ("part('abc', -9, 1)", "a"),
    ],
)
def test_corners(source: str, expected: Value) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("money(1, 'zzz')", "'zzz' is not a currency"),
        ("minor(0.001, 'usd')", "0.001 is finer than the smallest unit of USD"),
        ("date('soon')", "'soon' is not a date"),
        ("date(99999999999999)", "the date is outside the years 1 to 9999"),
        ("date(0, 'DD.MM.yyyy')", "unknown date format 'DD'"),
        ("date(0, 'yyyy', '../../etc/passwd')", "unknown time zone '../../etc/passwd'"),
        ("add_days('9999-12-31', 1)", "the date is outside the years 1 to 9999"),
        ("number('1e5')", "'1e5' is not a number"),
        ("number('NaN')", "'NaN' is not a number"),
        ("split('a', '')", "the separator must not be empty"),
        ("replace('a', '', 'b')", "the text to find must not be empty"),
        ("pad_left('a', 5, 'xy')", "fill must be one character"),
        ("pad_left('a', 99999)", "length must be a whole number from 0 to 1000, got 99999"),
        ("truncate('a', 1.5)", "length must be a whole number from 0 to 65536, got 1.5"),
        ("round(1, 99)", "decimals must be a whole number from -12 to 12, got 99"),
        ("sum([1, 'a'])", "sum needs numbers, but [1] is text"),
        ("sort_by([1, 'a'], x => x)", "sort_by needs keys of one kind, but some are numbers and some are texts"),
        ("ascii('ü', 'ü')", "the replacement must be plain ASCII itself"),
        ("join([[1]])", "a list is not a text"),
        ("lookup_required('fee', 'accounts')", "the look-up table 'accounts' has no row for 'fee'"),
        ("lookup('a', 'acounts')", "there is no look-up table 'acounts'"),
    ],
)
def test_refusals_name_value_and_rule(source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        value(source)
    assert caught.value.message == message
