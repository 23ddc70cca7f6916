"""Which inputs an expression reads: full paths, also through lambdas and through functions that pass elements on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tieout.domain.mapping import grammar
from tieout.domain.mapping.calls import matched, table_name, transform_of
from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.nodes import Call, Chain, Choice, Lambda, Literal, Name, Node, Path, Step, walk
from tieout.domain.mapping.path import EACH, elements_of, field_of
from tieout.domain.mapping.signature import TABLE
from tieout.domain.mapping.types import Type

EACH_STEP: Final = re.compile(re.escape(EACH))
PATHS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value may come from: the paths of the value itself, and those of the elements it holds."""

    itself: frozenset[str] = frozenset()
    elements: frozenset[str] = frozenset()

    def __or__(self, other: Origin) -> Origin:
        return Origin(_few(self.itself | other.itself), _few(self.elements | other.elements))

    def field(self, name: str) -> Origin:
        """Where a field of the value comes from."""
        return _at(field_of(path, name) for path in self.itself)

    def each(self) -> Origin:
        """Where an element of the value comes from."""
        return _at(self.elements)


NOWHERE: Final = Origin()


def references(tree: Node) -> tuple[str, ...]:
    """The paths read, sorted; a list is left out where the fields of its elements are named.

    ExpressionError when there are more than 1,000, which only a hostile expression has.
    """
    collector = _Collector()
    collector.of(tree, {})
    lists = {path[: each.start()] for path in collector.read for each in EACH_STEP.finditer(path)}
    return tuple(sorted(collector.read - lists))


def tables(tree: Node) -> tuple[str, ...]:
    """The look-up tables used, sorted."""
    calls = (node for node in walk(tree) if isinstance(node, Call))
    pairs = (pair for call in calls for pair in matched(call))
    return tuple(sorted({table_name(argument) for parameter, argument in pairs if parameter.type is TABLE}))


def functions(tree: Node) -> tuple[str, ...]:
    """The functions called, sorted."""
    return tuple(sorted({node.name for node in walk(tree) if isinstance(node, Call)}))


class _Collector:
    def __init__(self) -> None:
        self.read: set[str] = set()

    def of(self, node: Node, scope: Mapping[str, Origin]) -> Origin:
        """Where the value of the node comes from; notes down what is read on the way."""
        match node:
            case Literal():
                return NOWHERE
            case Name() | Path():
                found = self._followed(node, scope)
                self._note(found, node)
                return found
            case Call():
                return self._call(node, scope)
            case Choice():
                self.of(node.condition, scope)
                return self.of(node.yes, scope) | self.of(node.no, scope)
        origins = [self.of(child, scope) for child in node.children()]
        return _merged(origins) if isinstance(node, Chain) and node.level == grammar.INSTEAD else NOWHERE

    def _note(self, found: Origin, node: Node) -> None:
        self.read |= found.itself
        if len(self.read) > PATHS_MAX:
            raise ExpressionError(f"the expression reads more than {PATHS_MAX} fields", node.start, node.end)

    def _followed(self, node: Node, scope: Mapping[str, Origin]) -> Origin:
        if isinstance(node, Name):
            return scope[node.name] if node.name in scope else _at([node.name])
        if not isinstance(node, Path):
            return self.of(node, scope)
        found = self._followed(node.base, scope)
        for step in node.steps:
            found = self._stepped(found, step, scope)
        return found

    def _stepped(self, found: Origin, step: Step, scope: Mapping[str, Origin]) -> Origin:
        if step.index is None:
            return found.field(step.name)
        self.of(step.index, scope)
        return found.each()

    def _call(self, node: Call, scope: Mapping[str, Origin]) -> Origin:
        known: dict[str, Origin] = {}
        for parameter, argument in matched(node):
            if isinstance(argument, Lambda):
                element = known.get(parameter.element.kind, NOWHERE) if parameter.element else NOWHERE
                given = self.of(argument.body, {**scope, argument.parameter: element})
            else:
                given = self.of(argument, scope)
            _learn(parameter.type, given, known)
        return _result(transform_of(node).parsed.result, known)


def _learn(pattern: Type, given: Origin, known: dict[str, Origin]) -> None:
    if pattern.is_variable:
        known[pattern.kind] = known.get(pattern.kind, NOWHERE) | given
    elif pattern.element and pattern.element.is_variable:
        kind = pattern.element.kind
        known[kind] = known.get(kind, NOWHERE) | given.each()


def _result(pattern: Type, known: Mapping[str, Origin]) -> Origin:
    if pattern.is_variable:
        return known.get(pattern.kind, NOWHERE)
    if pattern.element and pattern.element.is_variable:
        return Origin(elements=known.get(pattern.element.kind, NOWHERE).itself)
    return NOWHERE


def _at(paths: Iterable[str]) -> Origin:
    found = _few(frozenset(paths))
    return Origin(found, frozenset(map(elements_of, found)))


def _few(paths: frozenset[str]) -> frozenset[str]:
    return paths if len(paths) <= PATHS_MAX else frozenset(sorted(paths)[:PATHS_MAX])


def _merged(origins: Iterable[Origin]) -> Origin:
    found = NOWHERE
    for origin in origins:
        found = found | origin
    return found
