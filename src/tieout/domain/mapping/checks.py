"""Checks a whole field map before it is saved: every field, every expression, every table, all findings at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tieout.domain.mapping.errors import ExpressionError, suggestion
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.field_map import TargetField, target_named
from tieout.domain.mapping.types import ANY, BOOL, LIST, NUMBER, OBJECT, TEXT, Schema, Type, fits

SCALAR = Type("either", options=(TEXT, NUMBER))
WANTED: Mapping[str, Type] = {
    "text": SCALAR,
    "number": SCALAR,
    "date": TEXT,
    "bool": BOOL,
    "list": LIST,
    "object": OBJECT,
    "any": ANY,
}
HINTS = {
    ("date", "number"): "date(…) makes a date of epoch seconds",
    ("text", "bool"): "if … then 'Y' else 'N' makes a text of it",
    ("text", "list"): "join(…) makes a text of a list",
    ("list", "object"): "[…] makes a list of one",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one target field. ``start`` and ``end`` are places in its expression (0, 0: in none)."""

    field: str
    sentence: str
    start: int = 0
    end: int = 0
    hint: str | None = None


def check(
    fields: Mapping[str, str],
    targets: Sequence[TargetField],
    schema: Schema | None = None,
    tables: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """All that is wrong: unknown and missing fields, expressions that cannot be right, tables that do not exist.

    ``schema`` is of the inputs, ``tables`` the names of the look-up tables; None leaves that unchecked.
    """
    known = {target.name: target for target in targets}
    found = [finding for name, source in fields.items() for finding in _field(name, source, known, schema, tables)]
    missing = (target.name for target in targets if target.required and target.name not in fields)
    return (*found, *(Finding(name, f"{name} is required, but nothing feeds it") for name in missing))


def kinds_wrong(target: TargetField, actual: Type, end: int) -> Iterator[Finding]:
    """What is wrong with an expression of the type ``actual`` that feeds ``target``; ``end`` is where it ends."""
    yield from _kind(target, actual, target.name, end)


def _field(
    name: str,
    source: str,
    known: Mapping[str, TargetField],
    schema: Schema | None,
    tables: Collection[str] | None,
) -> Iterator[Finding]:
    try:
        target = target_named(name, known)
        expression = Expression.parse(source, schema)
    except ExpressionError as error:
        yield Finding(name, error.message, error.start, error.end, error.hint)
        return
    yield from _kind(target, expression.type, name, len(source))
    for table in expression.tables if tables is not None else ():
        if table not in (tables or ()):
            hint = suggestion(table, tables or ())
            yield Finding(name, f"there is no look-up table {table!r}", 0, len(source), hint)


def _kind(target: TargetField, actual: Type, path: str, end: int) -> Iterator[Finding]:
    wanted = WANTED[target.kind]
    if not fits(actual, wanted):
        sentence = f"{path} takes {_taken(target)}, but this is {actual.named()}"
        yield Finding(path, sentence, 0, end, HINTS.get((target.kind, actual.kind)))
    elif actual.kind == "null" and target.required:
        yield Finding(path, f"{path} is required, but this is always nothing", 0, end)
    elif target.kind == "list" and target.fields and actual.element:
        yield from _inside(target, actual.element, f"{path}[]", end)
    elif target.kind == "object" and target.fields:
        yield from _inside(target, actual, path, end)


def _inside(target: TargetField, actual: Type, path: str, end: int) -> Iterator[Finding]:
    if not fits(actual, OBJECT):
        yield Finding(path, f"{path} takes an object, but this is {actual.named()}", 0, end, "{name: …} makes one")
        return
    if actual.kind != "object" or actual.fields is None:
        return
    known, given = {one.name: one for one in target.fields}, dict(actual.fields)
    for name, kind in given.items():
        if name in known:
            yield from _kind(known[name], kind, f"{path}.{name}", end)
        elif actual.rest is None:
            yield Finding(f"{path}.{name}", f"{path} has no field {name!r}", 0, end, suggestion(name, known))
    for one in target.fields:
        if one.required and one.name not in given and actual.rest is None:
            yield Finding(f"{path}.{one.name}", f"{path}.{one.name} is required, but nothing feeds it", 0, end)


def _taken(target: TargetField) -> str:
    return {"text": "text", "number": "a number", "date": "a date as text"}.get(
        target.kind, WANTED[target.kind].named()
    )
