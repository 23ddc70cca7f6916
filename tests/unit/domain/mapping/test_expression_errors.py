"""What a person reads when an expression is wrong: the sentence, the place, the way out."""

from __future__ import annotations

import pytest

from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.expression import Expression

SCHEMA = {
    "charge.id": "text",
    "charge.amount": "number",
    "charge.paid": "bool",
    "charge.metadata.*": "text",
    "charge.lines[].sku": "text",
    "charge.lines[].amount": "number",
}

SHOWN = [
    ("charge.amont / 100", "charge has no field 'amont'\n  charge.amont / 100\n         ^^^^^\n  did you mean 'amount'?"),
    ("crge.id", "there is no 'crge' here\n  crge.id\n  ^^^^\n  did you mean 'charge'?"),
    ("mony(1)", "unknown function 'mony'\n  mony(1)\n  ^^^^\n  did you mean 'money'?"),
    ("1 | mony('usd')", "unknown function 'mony'\n  1 | mony('usd')\n      ^^^^\n  did you mean 'money'?"),
    ("charge.id + 1", "+ needs a number, but this is text\n  charge.id + 1\n  ^^^^^^^^^\n  use & to join texts"),
    (
        "charge.lines.sku",
        "charge.lines is a list of objects and has no field 'sku'\n  charge.lines.sku\n               ^^^\n"
        "  map(charge.lines, x => x.sku) takes it from every element",
    ),
    (
        "if charge.amount then 1 else 2",
        "the condition needs true or false, but this is a number\n  if charge.amount then 1 else 2\n     ^^^^^^^^^^^^^",
    ),
    ("charge.id = 5", "text is compared with a number, which are never equal\n  charge.id = 5\n  ^^^^^^^^^^^^^"),
    ("1 +", "the expression is not complete\n  1 +\n     ^"),
    ("", "the expression is not complete\n  \n  ^"),
    ("(1", "expected ) but the expression ends\n  (1\n    ^"),
    ("[1 2]", "expected ] but there is '2'\n  [1 2]\n     ^"),
    ("'abc", "the text is not closed\n  'abc\n  ^^^^\n  put ' at its end"),
    ("a || b", "a function name must follow |\n  a || b\n     ^\n  write or for 'either of the two'"),
    ("a && b", "unexpected '&'\n  a && b\n     ^\n  write and for 'both'; one & joins texts"),
    ("12abc", "a number may not be followed by a letter\n  12abc\n    ^\n  write * to multiply"),
    ("1 < 2 < 3", "only two values can be compared at a time\n  1 < 2 < 3\n        ^\n  join with and"),
    (
        "money(1250)",
        "money takes (minor: number, currency: text), but 1 value is given\n  money(1250)\n  ^^^^^^^^^^^",
    ),
    (
        "map([1], 2)",
        "map needs an expression over each element as each\n  map([1], 2)\n           ^\n  write it as: x => x.field",
    ),
    ("upper(x => 1)", "upper takes no => expression as text\n  upper(x => 1)\n        ^^^^^^"),
    ("x => 1", "unexpected '=>'\n  x => 1\n    ^^"),
    (
        "lookup('a', charge.id)",
        "lookup needs the name of a look-up table as table\n  lookup('a', charge.id)\n              ^^^^^^^^^\n"
        "  write the name out in quotes",
    ),
    ("{a: 1, a: 2}", "the field 'a' is given twice\n  {a: 1, a: 2}\n         ^"),
    (
        "'a' in charge.id",
        "in needs a list, but this is text\n  'a' in charge.id\n         ^^^^^^^^^\n"
        "  contains(text, part) looks inside a text",
    ),
    ("upper(5)", "upper needs text as text, but this is a number\n  upper(5)\n        ^"),
    (
        "filter(charge.lines, l => l.sku)",
        "filter needs true or false as each, but this is text\n  filter(charge.lines, l => l.sku)\n"
        "                            ^^^^^",
    ),
    ("charge.lines[0].skuu", "charge.lines[] has no field 'skuu'\n  charge.lines[0].skuu\n                  ^^^^\n"
     "  did you mean 'sku'?"),
    ("1\n+ 'a'\n+ 2", "+ needs a number, but this is text\n  + 'a'\n    ^^^\n  use & to join texts"),
    ("a ? b : c", "unexpected character '?'\n  a ? b : c\n    ^\n"
     "  write if … then … else …, or ?? for a value to use instead of nothing"),
    ("'\\q'", "unknown escape \\'q'\n  '\\q'\n   ^^\n  write \\\\ for one backslash"),
    ("charge.naïve", "unexpected character 'ï'\n  charge.naïve\n           ^\n"
     "  put a name with such characters in brackets: metadata['…']"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "shown"), SHOWN, ids=[source for source, _ in SHOWN])
def test_wrong_before_it_runs(source: str, shown: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(source, SCHEMA)
    assert caught.value.show(source) == shown


RUNNING = [
    ("1 / zero", "division by zero\n  1 / zero\n  ^^^^^^^^"),
    ("1 + a / zero", "division by zero\n  1 + a / zero\n      ^^^^^^^^"),
    ("a + none", "cannot compute a number + nothing\n  a + none\n  ^^^^^^^^\n"
     "  say what to use instead of nothing: … ?? 0"),
    ("a + word", "cannot compute a number + text\n  a + word\n  ^^^^^^^^\n  use & to join texts"),
    ("a < none", "cannot compare a number < nothing\n  a < none\n  ^^^^^^^^\n"
     "  say what to use instead of nothing: … ?? 0"),
    ("if none then 1 else 2", "a condition must be true or false, but this is nothing\n  if none then 1 else 2\n"
     "     ^^^^\n  say what nothing means: … ?? false"),
    ("word.x", "text has no field 'x'\n  word.x\n       ^"),
    ("list.x", "a list has no field 'x'\n  list.x\n       ^\n  map(…, x => x.field) takes it from every element"),
    ("list[0.5]", "an index must be a whole number\n  list[0.5]\n      ^^^^^"),
    ("upper(a)", "upper needs text as text, but this is a number\n  upper(a)\n        ^"),
    ("money(a, none)", "money needs text as currency, but this is nothing\n  money(a, none)\n           ^^^^"),
    ("max(mixed)", "max needs a list of numbers as first, but [1] is text\n  max(mixed)\n      ^^^^^"),
    ("word & list", "a list is not a text\n  word & list\n         ^^^^\n  join(…) makes a text of a list"),
    ("big * big", "the number is too large or too small\n  big * big\n  ^^^^^^^^^"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "shown"), RUNNING, ids=[source for source, _ in RUNNING])
def test_wrong_while_it_runs(source: str, shown: str) -> None:
    inputs = {"a": 1, "zero": 0, "none": None, "word": "w", "list": [1], "mixed": [1, "x"], "big": 10**33}
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(source).value(inputs)
    assert caught.value.show(source) == shown


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"a": 1.5}, "a is a floating point number, which is not exact"),
        ({"a": {"b": [1.5]}}, "a.b is a floating point number, which is not exact"),
        ({"a": object()}, "a is a object, which an expression cannot read"),
        ({"a": (1,)}, "a is a tuple, which an expression cannot read"),
        ({"a": {1: 2}}, "a has a field name that is not text"),
        ({"a": 10**40}, "a has more than 34 digits"),
    ],
)
def test_inputs_are_checked_at_the_door(inputs: dict[str, object], message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse("a").value(inputs)
    assert caught.value.message == message


def test_what_is_not_read_is_not_checked() -> None:
    assert Expression.parse("a").value({"a": True, "b": 1.5}) is True


def test_sentence_is_one_line() -> None:
    assert ExpressionError("wrong", hint="do so").sentence == "wrong; do so"
    assert ExpressionError("wrong").sentence == "wrong"
