"""Whatever is written and whatever comes in: an expression ends in a value or in its own error, soon."""

from __future__ import annotations

import random
import time
from decimal import Decimal

import pytest

from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.grammar import LEVELS
from tieout.domain.mapping.registry import TRANSFORMS
from tieout.domain.mapping.values import KINDS, Value

NAMES = ["a", "b", "c", "x", "y", "order", "lines", "id", "__class__", "missing"]
LITERALS = ["0", "1", "-1", "2.5", "9999999999999999999", "0.0000001", "true", "false", "null", "[]", "{}"]
TEXTS = [
    "''",
    "'a'",
    "'usd'",
    "'yyyy-MM-dd'",
    "'UTC'",
    "'%s{0}'",
    "'t'",
    "'2024-02-29'",
    "'é\u0301 👩\u200d👧'",
    "'1.5'",
]
JUNK = [
    *"()[]{}.,:|'\"\\&=<>!?+-*/ \n\t\x00é\u202e\ud800",
    "=>",
    "??",
    "and",
    "not",
    "if",
    "then",
    "else",
    "in",
    "null",
]
INPUTS: dict[str, object] = {
    "a": 1,
    "b": "text \x00\u202e\ud83d",
    "c": [1, "two", None, {"id": "x", "n": Decimal("1e50")}, [True]],
    "order": {"id": "o-1", "lines": [{"id": "l", "n": 3, "at": 1_700_000_000}] * 40, "": {}},
    "x": "x" * 60_000,
    "y": Decimal("-0.0000000000000000000000000001"),
}
TABLES = {"t": {"a": "1", "o-1": 5}, "bad": {"a": 1.5, "b": object()}}
CASES = 12_000
GARBAGE = 8_000
SLOWEST_SECONDS_MAX = 5.0


def expression(dice: random.Random, depth: int) -> str:
    if depth <= 0 or dice.random() < 0.15:
        return dice.choice([*NAMES, *NAMES, *LITERALS, *TEXTS])
    return dice.choice((operation, operation, call, call, call, piped, path, choice, container))(dice, depth - 1)


def operation(dice: random.Random, depth: int) -> str:
    sign = dice.choice([sign for sign in LEVELS if sign != "|"])
    return f"{dice.choice(['', '', '', 'not ', '-', '('])}{expression(dice, depth)} {sign} {expression(dice, depth)}"


def call(dice: random.Random, depth: int) -> str:
    name = dice.choice(list(TRANSFORMS))
    return f"{name}({', '.join(arguments(dice, name, depth))})"


def piped(dice: random.Random, depth: int) -> str:
    name = dice.choice(list(TRANSFORMS))
    return f"{expression(dice, depth)} | {name}({', '.join(arguments(dice, name, depth)[1:])})"


def arguments(dice: random.Random, name: str, depth: int) -> list[str]:
    parsed = TRANSFORMS[name].parsed
    count = dice.choice([parsed.least, len(parsed.parameters), parsed.least + dice.randrange(3)])
    return [argument(dice, name, index, depth) for index in range(count)]


def argument(dice: random.Random, name: str, index: int, depth: int) -> str:
    parameter = TRANSFORMS[name].parsed.parameter(index)
    if parameter and parameter.element and dice.random() < 0.95:
        return f"{dice.choice(['x', 'y', 'a'])} => {expression(dice, depth)}"
    if parameter and parameter.type.kind == "table" and dice.random() < 0.9:
        return dice.choice(["'t'", "'bad'", "'nope'"])
    fitting = {
        "number": [*LITERALS[:6], "a", "y"],
        "text": [*TEXTS, "b", "x", "order.id"],
        "list": ["c", "order.lines"],
    }
    kind = parameter.type.kind if parameter else ""
    return dice.choice(fitting[kind]) if kind in fitting and dice.random() < 0.6 else expression(dice, depth)


def path(dice: random.Random, depth: int) -> str:
    step = dice.choice([".id", ".lines", "[0]", "[-1]", "['id']", ".__class__", f"[{expression(dice, depth)}]"])
    return dice.choice(NAMES) + step + dice.choice(["", "", ".n"])


def choice(dice: random.Random, depth: int) -> str:
    return f"if {expression(dice, depth)} then {expression(dice, depth)} else {expression(dice, depth)}"


def container(dice: random.Random, depth: int) -> str:
    inner = [expression(dice, depth) for _ in range(dice.randrange(3))]
    if dice.random() < 0.5:
        return f"[{', '.join(inner)}]"
    return "{" + ", ".join(f"{name}: {one}" for name, one in zip("abc", inner, strict=False)) + "}"


def garbage(dice: random.Random) -> str:
    if dice.random() < 0.5:
        return "".join(dice.choice([*JUNK, *NAMES, *LITERALS]) for _ in range(dice.randrange(1, 25)))
    source = list(expression(dice, 3))
    for _ in range(dice.randrange(1, 4)):
        source.insert(dice.randrange(len(source) + 1), dice.choice(JUNK))
    return "".join(source)


def outcome(source: str) -> str:
    """'value', or the kind of error; fails for any other exception by letting it through."""
    started = time.process_time()
    refusal = None
    try:
        check(Expression.parse(source).value(INPUTS, TABLES))
    except ExpressionError as error:
        refusal = error
    assert time.process_time() - started < SLOWEST_SECONDS_MAX, source
    if refusal is None:
        return "value"
    assert refusal.message
    assert 0 <= refusal.start <= len(source)
    refusal.show(source)
    return "error"


def check(found: Value) -> None:
    assert type(found) in KINDS
    if isinstance(found, (list, dict)):
        for inner in found.values() if isinstance(found, dict) else found:
            check(inner)


@pytest.mark.parametrize("seed", range(4))
def test_written_by_the_grammar(seed: int) -> None:
    dice = random.Random(f"grammar {seed}")
    found = [outcome(expression(dice, dice.randrange(1, 6))) for _ in range(CASES // 4)]
    assert found.count("value") > CASES // 40, "the dice must reach evaluation, not only refusals"


@pytest.mark.parametrize("seed", range(2))
def test_written_by_a_monkey(seed: int) -> None:
    dice = random.Random(f"garbage {seed}")
    for _ in range(GARBAGE // 2):
        outcome(garbage(dice))


def test_checked_against_a_schema_by_the_grammar() -> None:
    dice = random.Random("schema")
    schema = {"a": "number", "b": "text", "order.id": "text", "order.lines[].n": "number", "c": "list", "x": "text"}
    for _ in range(CASES // 6):
        source = expression(dice, dice.randrange(1, 5))
        try:
            Expression.parse(source, schema).value(INPUTS, TABLES)
        except ExpressionError as error:
            error.show(source)
