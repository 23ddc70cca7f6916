"""Static types: text, number, bool, list, object, any, null; each includes 'nothing', as a field may be missing.

A ``Schema`` names the type of every path of the inputs: ``{"charge.lines[].amount": "number"}``. The kinds are text,
number, bool, list, object, any; ``date`` is text in ISO form. ``charge.metadata.*`` gives the type of every other field
of an object; an object without named fields may have any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tieout.domain.mapping.path import EACH, segments

Schema: TypeAlias = "Mapping[str, str]"
KINDS: Final = {kind: kind for kind in ("text", "number", "bool", "list", "object", "any")} | {"date": "text"}
SIZE_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Type:
    """``kind`` is a kind of value, ``either`` (one of ``options``) or, in signatures, a capital letter (a variable).

    ``element`` of a list, ``fields`` of an object (None: unknown) and ``rest``, the type of its other fields.
    """

    kind: str
    element: Type | None = None
    fields: tuple[tuple[str, Type], ...] | None = None
    rest: Type | None = None
    options: tuple[Type, ...] = ()
    size: int = field(init=False, default=1, compare=False)

    def __post_init__(self) -> None:
        below = sum(kind.size for _, kind in self.fields or ()) + (self.element.size if self.element else 0)
        object.__setattr__(self, "size", 1 + below)

    @property
    def is_variable(self) -> bool:
        """Whether it stands for a type that the arguments decide."""
        return len(self.kind) == 1

    def named(self) -> str:
        """As a person says it: 'a number', 'a list of text'."""
        if self.kind == "either":
            return " or ".join(option.named() for option in self.options)
        if self.kind == "list" and self.element and self.element.kind in PLURALS:
            return f"a list of {PLURALS[self.element.kind]}"
        return NAMES.get(self.kind, "any value")

    def __str__(self) -> str:
        if self.kind == "either":
            return " or ".join(map(str, self.options))
        return f"list of {self.element}" if self.kind == "list" and self.element else self.kind


NAMES: Final = {
    "null": "nothing",
    "bool": "true or false",
    "number": "a number",
    "text": "text",
    "list": "a list",
    "object": "an object",
}
PLURALS: Final = {"number": "numbers", "text": "texts", "object": "objects", "list": "lists"}
ANY, NULL, TEXT, NUMBER, BOOL, OBJECT, LIST = map(Type, ("any", "null", "text", "number", "bool", "object", "list"))


def list_of(element: Type) -> Type:
    """A list of such elements."""
    return Type("list", element=element)


def object_of(fields: Mapping[str, Type]) -> Type:
    """An object of exactly these fields; forgets them when they would make the type unreasonably large."""
    known = Type("object", fields=tuple(fields.items()))
    return known if known.size <= SIZE_MAX else OBJECT


def joined(left: Type, right: Type) -> Type:
    """The narrowest type that covers both."""
    if left is right or left == right or right.kind == "null":
        return left
    if left.kind == "null":
        return right
    if left.kind == right.kind == "list":
        return list_of(joined(left.element or ANY, right.element or ANY))
    return OBJECT if left.kind == right.kind == "object" else ANY


def fits(actual: Type, wanted: Type) -> bool:
    """Whether a value of type ``actual`` can be what is ``wanted``; what is not known may fit."""
    if wanted.kind in ("any", "null") or actual.kind in ("any", "null") or wanted.is_variable:
        return True
    if wanted.kind == "either":
        return any(fits(actual, option) for option in wanted.options)
    if actual.kind == wanted.kind == "list" and actual.element and wanted.element:
        return fits(actual.element, wanted.element)
    return actual.kind == wanted.kind


def bind(pattern: Type, actual: Type, bound: dict[str, Type]) -> None:
    """Learns what the variables of ``pattern`` stand for from a fitting type."""
    if pattern.is_variable:
        bound[pattern.kind] = joined(bound.get(pattern.kind, NULL), actual)
    elif pattern.kind == "list" and pattern.element:
        bind(pattern.element, actual.element or ANY, bound)


def substituted(pattern: Type, bound: Mapping[str, Type]) -> Type:
    """The pattern with its variables replaced; an unbound one is any."""
    if pattern.is_variable:
        return bound.get(pattern.kind, ANY)
    if pattern.kind == "either":
        return ANY
    return list_of(substituted(pattern.element, bound)) if pattern.element else pattern


def tree(schema: Schema) -> Type:
    """The schema as one object type of its roots. ValueError names a kind that does not exist."""
    root = _Branch()
    for path, kind in schema.items():
        if kind not in KINDS:
            raise ValueError(f"the schema gives {path!r} the kind {kind!r}; expected one of {', '.join(KINDS)}")
        root.grown(segments(path)).kind = KINDS[kind]
    return root.frozen("object")


class _Branch:
    def __init__(self) -> None:
        self.kind = ""
        self.below: dict[str, _Branch] = {}

    def grown(self, steps: tuple[str, ...]) -> _Branch:
        branch = self
        for step in steps:
            branch = branch.below.setdefault(step, _Branch())
        return branch

    def frozen(self, otherwise: str = "any") -> Type:
        below = {name: branch.frozen() for name, branch in self.below.items()}
        if EACH in below:
            return list_of(below[EACH])
        rest = below.pop("*", None)
        if below or rest:
            return Type("object", fields=tuple(below.items()), rest=rest)
        return Type(self.kind or otherwise)
