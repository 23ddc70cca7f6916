"""What expressions mean: operators, paths, nothing, types and references."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.values import Value

INPUTS: dict[str, object] = {
    "charge": {
        "id": "ch_1",
        "amount": 1250,
        "currency": "usd",
        "missing": None,
        "metadata": {"po no": "7", "it's": "y", "if": "k"},
        "lines": [{"sku": "a", "amount": 100}, {"sku": "b", "amount": 50}],
    }
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3 - 4 / 2", 5),
        ("10 - 4 - 3", 3),
        ("-2 * -3", 6),
        ("(1 + 2) * 3", 9),
        ("1 / 3 * 3", Decimal("0.9999999999999999999999999999999999")),
        ("2 / 3", Decimal("0.6666666666666666666666666666666667")),
        ("0.1 + 0.2 = 0.3", True),
        ("1.0 = 1.00", True),
        ("'a' < 'b'", True),
        ("not true or true", True),
        ("not 1 = 2", True),
        ("true or 1 / 0 = 1", True),
        ("false and 1 / 0 = 1", False),
        ("2 in [1, 2]", True),
        ("'x' in ['y']", False),
        ("null = null", True),
        ("charge.missing = 0", False),
        ("charge.missing ?? 5 + 1", 6),
        ("charge.missing ?? charge.nope ?? 'z'", "z"),
        ("'a' & 1 & null & true", "a1true"),
        ("'a' & 'b' = 'ab'", True),
        ("charge.lines[0].sku & charge.lines[-1].sku", "ab"),
        ("charge.lines[9].sku", None),
        ("charge.a.b.c", None),
        ("charge.metadata['po no']", "7"),
        ('charge.metadata["it\'s"]', "y"),
        ("charge.metadata.if", "k"),
        ("charge['met' & 'adata'].if", "k"),
        ("if charge.amount > 1000 then 'big' else 'small' | upper", "big"),
        ("(if charge.amount > 1000 then 'big' else 'small') | upper", "BIG"),
        ("charge.id & '-x' | upper", "CH_1-X"),
        ("charge.lines | map(l => l.amount) | sum | money(charge.currency) | text", "1.50"),
        ("map(charge.lines, l => map(charge.lines, m => l.amount - m.amount))", [[0, 50], [-50, 0]]),
        ("map([1], x => map([2], x => x))", [[2]]),
        ("{a: 1, 'b c': [true], if: null,}", {"a": 1, "b c": [True], "if": None}),
        ("[1, 2,]", [1, 2]),
        ("'a\\'b\\n'", "a'b\n"),
        ("1 == 1 and 1 <> 2", True),
        ("{a: [1]} = {a: [1.0]}", True),
        ("text(0 * -1)", "0"),
        ("upper(charge.missing)", None),
        ("round(2.5) & round(-2.5) & round(0.5)", "3-31"),
    ],
)
def test_values(source: str, expected: Value) -> None:
    assert Expression.parse(source).value(INPUTS) == expected


def test_decimals_are_kept_as_they_came() -> None:
    assert str(Expression.parse("a").value({"a": Decimal("12.50")})) == "12.50"


def test_bool_is_not_a_number() -> None:
    assert Expression.parse("a = 1").value({"a": True}) is False


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("charge.id", ("charge.id",)),
        ("charge.lines[0].sku", ("charge.lines[].sku",)),
        ("charge.metadata['po no']", ("charge.metadata['po no']",)),
        ("charge[charge.id].x", ("charge.id", "charge[].x")),
        ("map(charge.lines, l => l.sku)", ("charge.lines[].sku",)),
        ("map(charge.lines, l => 1)", ("charge.lines",)),
        ("first(filter(charge.lines, l => l.amount > 1)).sku", ("charge.lines[].amount", "charge.lines[].sku")),
        ("map(charge.lines, l => map(l.taxes, t => t.rate * l.amount))",
         ("charge.lines[].amount", "charge.lines[].taxes[].rate")),
        ("map(map(a.b, x => x.c), y => y.d)", ("a.b[].c", "a.b[].c.d")),
        ("default(a, b).c", ("a", "a.c", "b", "b.c")),
        ("(a ?? b).c", ("a", "a.c", "b", "b.c")),
        ("sort_by(a, x => x.k)[0].v", ("a[].k", "a[].v")),
        ("append(a, b) | map(x => x.y)", ("a[].y", "b[].y")),
        ("map([1], charge => charge)", ()),
        ("if a then b else c", ("a", "b", "c")),
        ("{x: a, y: [b]}", ("a", "b")),
    ],
)  # fmt: skip
def test_references(source: str, expected: tuple[str, ...]) -> None:
    assert Expression.parse(source).references == expected


def test_names_its_tables_and_functions() -> None:
    found = Expression.parse("lookup(a, 'items') ?? lookup_required(upper(a), 'more')")
    assert found.tables == ("items", "more")
    assert found.functions == ("lookup", "lookup_required", "upper")


SCHEMA = {
    "c.id": "text",
    "c.n": "number",
    "c.meta.*": "text",
    "c.open": "object",
    "c.ls[].n": "number",
    "c.tags[]": "text",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("c.id", "text"),
        ("c.ls", "list of object"),
        ("c.ls[0]", "object"),
        ("c.ls[0].n", "number"),
        ("c.tags", "list of text"),
        ("c.meta.whatever", "text"),
        ("c.open.whatever", "any"),
        ("map(c.ls, l => l.n)", "list of number"),
        ("map(c.ls, l => {a: l.n})", "list of object"),
        ("first(map(c.ls, l => {a: l.n})).a", "number"),
        ("filter(c.tags, t => t != '')[0]", "text"),
        ("if c.n > 1 then 'a' else null", "text"),
        ("if c.n > 1 then 'a' else 1", "any"),
        ("c.id ?? 'x'", "text"),
        ("default(c.n, 0)", "number"),
        ("lookup(c.id, 't')", "any"),
        ("c.n", "number"),
        ("null", "null"),
    ],
)
def test_types(source: str, expected: str) -> None:
    assert str(Expression.parse(source, SCHEMA).type) == expected


@pytest.mark.parametrize(
    "source",
    [
        "first(map(c.ls, l => {a: l.n})).b",
        "map(c.ls, l => l.m)",
        "c.id > 5",
        "default(c.n, 'a') + 'b'",
        "c.tags[0] + 1",
        "c.n in c.tags",
        "sum(c.tags, t => t)",
        "max(c.tags)",
    ],
)
def test_what_could_only_fail_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(source, SCHEMA)


def test_a_wrong_kind_in_a_schema_is_named() -> None:
    with pytest.raises(ValueError, match=r"'a\.b' the kind 'txt'"):
        Expression.parse("a.b", {"a.b": "txt"})


def test_tables_are_looked_up_by_text_and_by_number() -> None:
    found = Expression.parse("lookup(n, 't', 'none')")
    assert found.value({"n": 7}, {"t": {"7": "seven"}}) == "seven"
    assert found.value({"n": "8"}, {"t": {"7": "seven"}}) == "none"
