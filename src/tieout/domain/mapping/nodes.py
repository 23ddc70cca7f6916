"""The tree an expression is: twelve kinds of node, each knowing its place, its children and its depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tieout.domain.mapping.values import Value


@dataclass(slots=True, eq=False)
class Node:
    """``start`` and ``end`` are offsets in the source; ``depth`` counts the levels below and including this node."""

    start: int
    end: int
    depth: int = field(init=False, default=1)

    def __post_init__(self) -> None:
        self.depth = 1 + max((child.depth for child in self.children()), default=0)

    def children(self) -> tuple[Node, ...]:
        """The nodes directly below, in the order they are written."""
        return ()


@dataclass(slots=True, eq=False)
class Literal(Node):
    """A value written out."""

    value: Value


@dataclass(slots=True, eq=False)
class Name(Node):
    """An input, or the parameter of a lambda around it."""

    name: str


@dataclass(slots=True, eq=False)
class Step(Node):
    """One step of a path: a field by name, or (``index`` set) an element or field by a computed index."""

    name: str
    index: Node | None

    def children(self) -> tuple[Node, ...]:
        return () if self.index is None else (self.index,)


@dataclass(slots=True, eq=False)
class Path(Node):
    """``base`` followed by steps: ``charge.metadata['po']``."""

    base: Node
    steps: tuple[Step, ...]

    def children(self) -> tuple[Node, ...]:
        return (self.base, *self.steps)


@dataclass(slots=True, eq=False)
class ListOf(Node):
    """``[a, b]``."""

    elements: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return self.elements


@dataclass(slots=True, eq=False)
class ObjectOf(Node):
    """``{name: a}``."""

    names: tuple[str, ...]
    values: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return self.values


@dataclass(slots=True, eq=False)
class Unary(Node):
    """``not a`` or ``-a``."""

    operator: str
    operand: Node

    def children(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(slots=True, eq=False)
class Chain(Node):
    """Operands joined by operators of one ``level``, from left to right: ``a + b - c``. Flat, however long it is."""

    level: int
    operators: tuple[str, ...]
    operands: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return self.operands


@dataclass(slots=True, eq=False)
class Comparison(Node):
    """``a < b``, ``a = b``, ``a in b``: exactly two sides."""

    operator: str
    left: Node
    right: Node

    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(slots=True, eq=False)
class Choice(Node):
    """``if condition then yes else no``."""

    condition: Node
    yes: Node
    no: Node

    def children(self) -> tuple[Node, ...]:
        return (self.condition, self.yes, self.no)


@dataclass(slots=True, eq=False)
class Lambda(Node):
    """``each => body``, only as an argument of a function that takes one."""

    parameter: str
    body: Node

    def children(self) -> tuple[Node, ...]:
        return (self.body,)


@dataclass(slots=True, eq=False)
class Call(Node):
    """``name(arguments)`` or, in the pipe form, ``first | name(others)``."""

    name: str
    name_start: int
    arguments: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return self.arguments


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(one.children())
