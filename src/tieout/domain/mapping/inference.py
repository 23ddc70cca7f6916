"""Finds the type of an expression before it is ever evaluated, and refuses what could only fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieout.domain.mapping import grammar
from tieout.domain.mapping.calls import matched, transform_of
from tieout.domain.mapping.errors import ExpressionError, shortened, suggestion
from tieout.domain.mapping.nodes import (
    Call,
    Chain,
    Choice,
    Comparison,
    Lambda,
    ListOf,
    Literal,
    Name,
    Node,
    ObjectOf,
    Path,
    Step,
    Unary,
)
from tieout.domain.mapping.signature import TABLE, Parameter
from tieout.domain.mapping.types import (
    ANY,
    BOOL,
    LIST,
    NULL,
    NUMBER,
    OBJECT,
    TEXT,
    Type,
    bind,
    fits,
    joined,
    list_of,
    object_of,
    substituted,
)
from tieout.domain.mapping.values import kind_of

Scope = Mapping[str, Type]
LITERALS: Final = {"null": NULL, "bool": BOOL, "number": NUMBER, "text": TEXT}
HINTS: Final = {
    ("+", "text"): "use & to join texts",
    ("money", "text"): "number(…) reads a number from a text",
}
SHOWN_MAX = 8
HERE: Final = "the inputs"


def type_of(node: Node, inputs: Type | None, scope: Scope | None = None) -> Type:
    """The type of ``node``. ``inputs`` is an object of the roots, or None when nothing is known about them."""
    return _Inference(inputs).of(node, scope or {})


class _Inference:
    def __init__(self, inputs: Type | None) -> None:
        self._inputs = inputs

    def of(self, node: Node, scope: Scope) -> Type:
        match node:
            case Literal():
                return LITERALS[kind_of(node.value)]
            case Name():
                return self._name(node, scope)
            case Path():
                return self._path(node, scope)
            case ListOf():
                return self._list(node, scope)
            case ObjectOf():
                pairs = zip(node.names, node.values, strict=True)
                return object_of({name: self.of(value, scope) for name, value in pairs})
            case Unary():
                return self._wanted(node.operand, BOOL if node.operator == "not" else NUMBER, node.operator, scope)
            case Chain():
                return self._chain(node, scope)
            case Comparison():
                return self._comparison(node, scope)
            case Choice():
                self._wanted(node.condition, BOOL, "the condition", scope)
                return joined(self.of(node.yes, scope), self.of(node.no, scope))
            case Call():
                return self._call(node, scope)
        raise ExpressionError("=> stands only inside the brackets of a function", node.start, node.end)

    def _wanted(self, node: Node, wanted: Type, who: str, scope: Scope) -> Type:
        actual = self.of(node, scope)
        if not fits(actual, wanted):
            hint = HINTS.get((who, actual.kind))
            raise ExpressionError(
                f"{who} needs {wanted.named()}, but this is {actual.named()}", node.start, node.end, hint
            )
        return wanted

    def _name(self, node: Name, scope: Scope) -> Type:
        if node.name in scope:
            return scope[node.name]
        if self._inputs is None:
            return ANY
        return _field(self._inputs, node.name, HERE, node)

    def _path(self, node: Path, scope: Scope) -> Type:
        current, said = self.of(node.base, scope), node.base.name if isinstance(node.base, Name) else "the value"
        for step in node.steps:
            current = self._step(current, step, said, scope)
            said = f"{said}.{step.name}" if step.index is None else f"{said}[]"
        return current

    def _step(self, current: Type, step: Step, said: str, scope: Scope) -> Type:
        if step.index is None:
            return _field(current, step.name, said, step)
        index = self.of(step.index, scope)
        if current.kind == "list":
            if not fits(index, NUMBER):
                raise ExpressionError(f"{said} is a list, its index must be a number", step.start, step.end)
            return current.element or ANY
        if current.kind in ("any", "null"):
            return ANY
        if current.kind != "object" or not fits(index, TEXT):
            raise ExpressionError(f"{said} is {current.named()}, it has no such index", step.start, step.end)
        return current.rest or ANY

    def _list(self, node: ListOf, scope: Scope) -> Type:
        element = NULL
        for one in node.elements:
            element = joined(element, self.of(one, scope))
        return list_of(element) if node.elements and element is not NULL else LIST

    def _chain(self, node: Chain, scope: Scope) -> Type:
        if node.level == grammar.INSTEAD:
            found = NULL
            for operand in node.operands:
                found = joined(found, self.of(operand, scope))
            return found
        for index, operand in enumerate(node.operands):
            sign = node.operators[max(index - 1, 0)]
            if node.level == grammar.JOIN:
                self._joinable(operand, scope)
            else:
                self._wanted(operand, BOOL if node.level < grammar.NOT else NUMBER, sign, scope)
        return TEXT if node.level == grammar.JOIN else BOOL if node.level < grammar.NOT else NUMBER

    def _joinable(self, operand: Node, scope: Scope) -> None:
        actual = self.of(operand, scope)
        if actual.kind in ("list", "object"):
            hint = "join(…) makes a text of a list" if actual.kind == "list" else None
            message = f"& needs text, but this is {actual.named()}"
            raise ExpressionError(message, operand.start, operand.end, hint)

    def _comparison(self, node: Comparison, scope: Scope) -> Type:
        left, right = self.of(node.left, scope), self.of(node.right, scope)
        if node.operator == "in":
            self._member(node, left, right)
        elif not (fits(left, right) or fits(right, left)):
            message = f"{left.named()} is compared with {right.named()}, which are never equal"
            raise ExpressionError(message, node.start, node.end)
        elif node.operator not in ("=", "!=") and left.kind in ("bool", "list", "object"):
            message = f"{node.operator} compares numbers or texts, but this is {left.named()}"
            raise ExpressionError(message, node.left.start, node.left.end)
        return BOOL

    def _member(self, node: Comparison, left: Type, right: Type) -> None:
        if not fits(right, LIST):
            hint = "contains(text, part) looks inside a text" if right.kind == "text" else None
            message = f"in needs a list, but this is {right.named()}"
            raise ExpressionError(message, node.right.start, node.right.end, hint)
        if right.element and not (fits(left, right.element) or fits(right.element, left)):
            message = f"{left.named()} is never in {right.named()}"
            raise ExpressionError(message, node.start, node.end)

    def _call(self, node: Call, scope: Scope) -> Type:
        bound: dict[str, Type] = {}
        for parameter, argument in matched(node):
            if isinstance(argument, Lambda):
                self._lambda(node, parameter, argument, bound, scope)
            elif parameter.type is not TABLE:
                actual = self.of(argument, scope)
                self._check_argument(node, parameter, argument, actual)
                bind(parameter.type, actual, bound)
        return substituted(transform_of(node).parsed.result, bound)

    def _lambda(self, node: Call, parameter: Parameter, each: Lambda, bound: dict[str, Type], scope: Scope) -> None:
        element = substituted(parameter.element or ANY, bound)
        given = self.of(each.body, {**scope, each.parameter: element})
        self._check_argument(node, parameter, each.body, given)
        bind(parameter.type, given, bound)

    def _check_argument(self, node: Call, parameter: Parameter, argument: Node, actual: Type) -> None:
        if not fits(actual, parameter.type):
            message = f"{node.name} needs {parameter.type.named()} as {parameter.name}, but this is {actual.named()}"
            raise ExpressionError(message, argument.start, argument.end, HINTS.get((node.name, actual.kind)))


def _field(owner: Type, name: str, said: str, place: Node) -> Type:
    if owner.kind in ("any", "null") or owner is OBJECT:
        return ANY
    if owner.kind != "object":
        hint = f"map({said}, x => x.{name}) takes it from every element" if owner.kind == "list" else None
        message = f"{said[:60]} is {owner.named()} and has no field {shortened(name)}"
        raise ExpressionError(message, place.start, place.end, hint[:120] if hint else None)
    fields = dict(owner.fields or ())
    if name in fields:
        return fields[name]
    if owner.rest is not None or not fields:
        return owner.rest or ANY
    hint = suggestion(name, fields) or f"there is {_some(fields)}"
    message = f"there is no {shortened(name)} here" if said is HERE else f"{said[:60]} has no field {shortened(name)}"
    raise ExpressionError(message, place.start, place.end, hint)


def _some(fields: Mapping[str, Type]) -> str:
    names = sorted(fields)
    return ", ".join(names[:SHOWN_MAX]) + (" …" if len(names) > SHOWN_MAX else "")
