"""What an attacker would write: refused or bounded, and quickly."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.expression import Expression

SECONDS_MAX = 5.0  # of the processor; what is not bounded takes minutes, or all memory
LONG = "'" + "x" * 3_000 + "'"
MANY: dict[str, object] = {
    "many": list(range(5_000)),
    "long": "x" * 65_536,
    "huge": "x" * 70_000,
    "longer": list(range(10_001)),
    "deep": {"a": {"a": {"a": 1}}},
    "lone": "\ud800",
    "null": "\x00",
}

REFUSED = [
    "(" * 41 + "1" + ")" * 41,
    "[" * 2_000,
    "not " * 41 + "true",
    "-" * 3_000 + "1",
    "a" + "[a" * 900,
    "1" + "+1" * 500,
    "1" + " | abs" * 41,
    "{a:" * 41 + "1" + "}" * 41,
    "if true then " * 300 + "1",
    "x" * 4_001,
    "9" * 35,
    "map(many, x => map(many, y => 1))",
    "map(map(many, x => [x, x]), y => map(many, z => y))",
    "many" + " | append(many)" * 2,
    "map(many, x => long & x)",
    "map(many, x => upper(long))",
    "map(many, x => long) | join",
    "replace(long, 'x', long)",
    "concat(long, long)",
    "long & 'x'",
    "huge",
    "longer",
    "split(long, 'x')",
    "map(many, x => distinct([many]))",
    "pad_left('x', 999999999)",
    "[1]" + " | map(x => [x, x])" * 38,
    "[1] | map(x => " + "{" + ", ".join(f"f{i}: x" for i in range(9)) + "})" + " | map(x => {a: x, b: x})" * 30,
    "matches(long, '*x*x*x*y')",
    "1000000000000 * " * 8 + "1",
    "0.000000000001 * " * 8 + "0.1",
    "\x00",
    "'\x00'",
    "'\ud800'",
    "\u202e1",
    "a.__class__.__mro__()",
    "a.f()",
    "().x()",
    "eval('1')",
    "__import__('os')",
    "import os",
    "lambda: 1",
    "`ls`",
    "a := 1",
    "f'{a}'",
    "'{0.__class__}'.format(a)",
    "'%s' % a",
    "${7*7}",
    "a; b",
    "1 ** 9",
    "for x in y",
    "x => x(x)",
    "map([1], f => f(f))",
    "date(1, 'strftime')",
    "date(1, 'yyyy', '/etc/localtime')",
    "date(1, 'yyyy', 'America')",
    "date(1, 'yyyy', '')",
    "date(1, 'yyyy', " + LONG + ")",
    "date(" + LONG + ")",
    "number(" + LONG + ")",
    "round(1, 1000000000000)",
    "part('a', 0.5)",
    "[1][99999999999999999999999999.5]",
]


@pytest.mark.parametrize("source", REFUSED, ids=range(len(REFUSED)))
def test_refused_quickly(source: str) -> None:
    started = time.process_time()
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(source).value(MANY)
    assert time.process_time() - started < SECONDS_MAX
    assert len(caught.value.message) < 400
    caught.value.show(source).encode("utf-8", "backslashreplace")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("deep.__class__", None),
        ("deep.__dict__.x", None),
        ("deep['__class__']", None),
        ("'{deep.__class__}' & '%s'", "{deep.__class__}%s"),
        ("'\\\\x' | replace('\\\\', '/')", "/x"),
        ("lone", "\ud800"),
        ("cleanse(lone & 'a' & null)", "a"),
        ("date(1, 'yyyy-%')", "1970-%"),
        ("[1][99999999999999999999999999]", None),
        ("count(many)", Decimal(5_000)),
        ("sum(many, x => x)", Decimal(12_497_500)),
        ("length(long)", Decimal(65_536)),
        ("1" + "+1" * 240, Decimal(241)),
        ("'a'" + " & 'a'" * 240, "a" * 241),
    ],
)
def test_harmless(source: str, expected: object) -> None:
    assert Expression.parse(source).value(MANY) == expected


def test_numbers_never_become_long_texts() -> None:
    with pytest.raises(ExpressionError, match="too large or too small"):
        Expression.parse("text(a)").value({"a": Decimal("1e6000")})
    with pytest.raises(ExpressionError, match="not a finite number"):
        Expression.parse("a").value({"a": Decimal("NaN")})
    assert Expression.parse("text(a)").value({"a": Decimal("0e5000")}) == "0"
    assert Expression.parse("text(a)").value({"a": Decimal("1e60")}) == "1" + "0" * 60


def test_inputs_that_contain_themselves_are_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(ExpressionError, match="too large or nested too deeply"):
        Expression.parse("a").value({"a": loop})


def test_equality_of_grown_values_is_bounded() -> None:
    grown = "[1]" + " | map(x => [x, x])" * 20
    source = f"({grown}) = ({grown})"
    started = time.process_time()
    with pytest.raises(ExpressionError, match="too much work"):
        Expression.parse(source).value({})
    assert time.process_time() - started < SECONDS_MAX


def test_types_do_not_grow_without_bound() -> None:
    grown = "[1]" + " | map(x => {a: x, b: x})" * 30
    started = time.process_time()
    Expression.parse(f"if true then {grown} else ({grown})")
    assert time.process_time() - started < SECONDS_MAX


def test_more_fields_than_anyone_reads_are_refused() -> None:
    lists = ", ".join(f"a{i}" for i in range(60))
    fields = ", ".join(f"x.f{i}" for i in range(100))
    with pytest.raises(ExpressionError, match="reads more than 1000 fields"):
        Expression.parse(f"map(append({lists}), x => [{fields}])")
