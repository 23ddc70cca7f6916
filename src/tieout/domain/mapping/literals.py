"""Finds what is written out and can never be right: a value that does not fit its target, a zone or currency that is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from tieout.domain.mapping import grammar
from tieout.domain.mapping.calls import matched
from tieout.domain.mapping.constants import SETTINGS, constant, setting_named
from tieout.domain.mapping.errors import ExpressionError, Refused
from tieout.domain.mapping.field_map import TargetField
from tieout.domain.mapping.fitting import Fitting
from tieout.domain.mapping.nodes import Call, Chain, Choice, Lambda, ListOf, Node, ObjectOf, walk
from tieout.domain.mapping.transforms._currency import exponent
from tieout.domain.mapping.transforms._moments import zone_named
from tieout.domain.mapping.transforms.date import TRANSFORM as DATE

Settings = Mapping[str, object]
FALLBACKS: Final = ("coalesce", "default")


@dataclass(frozen=True, slots=True)
class Misfit:
    """What can never be right. ``setting`` is the one setting that it comes from, if any."""

    error: ExpressionError
    setting: str = ""


def misfits(node: Node, target: TargetField | None, settings: Settings) -> Iterator[Misfit]:
    """Everything written out in ``node`` that is no such value, or does not fit ``target`` (None: it feeds none)."""
    if any(isinstance(one, Lambda) and one.parameter == SETTINGS for one in walk(node)):
        return
    named = list(_no_words(node, settings))
    yield from named
    if target is not None and not named:
        yield from _fitted(node, target, target.name, settings)


def _no_words(node: Node, settings: Settings) -> Iterator[Misfit]:
    below = list(walk(node))
    is_guarded = any(isinstance(one, Choice) for one in below)
    for call in (one for one in below if isinstance(one, Call)):
        for parameter, argument in matched(call):
            judge = WORDS.get((call.name, parameter.name)) or WORDS.get(("", parameter.name))
            text = _text(argument, settings)
            if judge is not None and text is not None and not (is_guarded and text == ""):
                yield from _judged(judge, text, argument)


def _text(argument: Node, settings: Settings) -> str | None:
    try:
        found = constant(argument, settings)
    except ExpressionError:
        return None
    return found.value if found is not None and isinstance(found.value, str) else None


def _judged(judge: Callable[[str], object], text: str, argument: Node) -> Iterator[Misfit]:
    try:
        judge(text)
    except Refused as refusal:
        yield Misfit(refusal.at(argument.start, argument.end), setting_named(argument))


def _format(form: str) -> None:
    DATE.function(Decimal(0), form, None)


WORDS: Final[Mapping[tuple[str, str], Callable[[str], object]]] = {
    ("", "zone"): zone_named,
    ("", "currency"): exponent,
    ("date", "format"): _format,
}


def _fitted(node: Node, target: TargetField, path: str, settings: Settings) -> Iterator[Misfit]:
    try:
        found = constant(node, settings)
    except ExpressionError as error:
        if not any(setting_named(one) for one in walk(node)):
            yield Misfit(error)
        return
    if found is None:
        yield from _parts(node, target, path, settings)
    elif all(settings.get(name) not in ("", None) for name in found.settings):
        fitting = Fitting()
        fitting.fit(_judgeable(target, bool(found.settings)), found.value, path)
        for problem in fitting.problems[:1]:
            misfit = ExpressionError(problem.sentence.removesuffix("."), node.start, node.end)
            names = set(found.settings)
            yield Misfit(misfit, names.pop() if len(names) == 1 else "")


def _judgeable(target: TargetField, is_set: bool) -> TargetField:
    """What runs over into another field may be longer; what a setting leaves empty may stand behind a branch."""
    return replace(target, length=None if target.onto else target.length, required=target.required and not is_set)


def _parts(node: Node, target: TargetField, path: str, settings: Settings) -> Iterator[Misfit]:
    """The parts of which each may be the value itself."""
    optional = replace(target, required=False)
    match node:
        case Choice() if _settled(node.condition, settings):
            return
        case Choice():
            for way in (node.yes, node.no):
                yield from _fitted(way, optional, path, settings)
        case Chain() if node.level == grammar.INSTEAD:
            for operand in node.operands:
                yield from _fitted(operand, optional, path, settings)
        case Call() if node.name in FALLBACKS:
            for argument in node.arguments:
                yield from _fitted(argument, optional, path, settings)
        case Call() if node.name == "append" and target.kind == "list":
            for argument in node.arguments:
                yield from _fitted(argument, optional, path, settings)
        case Call() if node.name == "map" and target.kind == "list":
            yield from _each(node, target, path, settings)
        case ListOf() if target.kind == "list" and target.fields:
            for element in node.elements:
                yield from _fitted(element, _element(target), f"{path}[]", settings)
        case ObjectOf() if target.fields:
            yield from _fields(node, target, path, settings)


def _each(node: Call, target: TargetField, path: str, settings: Settings) -> Iterator[Misfit]:
    each = node.arguments[-1]
    if target.fields and isinstance(each, Lambda):
        yield from _fitted(each.body, _element(target), f"{path}[]", settings)


def _fields(node: ObjectOf, target: TargetField, path: str, settings: Settings) -> Iterator[Misfit]:
    known = {one.name: one for one in target.fields}
    for name, value in zip(node.names, node.values, strict=True):
        if name in known:
            yield from _fitted(value, known[name], f"{path}.{name}", settings)


def _element(target: TargetField) -> TargetField:
    return TargetField(target.name, "object", fields=target.fields)


def _settled(node: Node, settings: Settings) -> bool:
    """Whether ``node`` is the same in every run, as it stands or because it always fails."""
    try:
        return constant(node, settings) is not None
    except ExpressionError:
        return True
