"""Turns a tree into closures that read values: compiled once, evaluated many times, always within the budget."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from tieout.domain.mapping import grammar
from tieout.domain.mapping.accepting import accepted
from tieout.domain.mapping.calls import matched, table_name, transform_of
from tieout.domain.mapping.errors import ExpressionError, Refused
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
    walk,
)
from tieout.domain.mapping.operators import computed, condition, equal, member, ordered, taken
from tieout.domain.mapping.run import Run, bounded
from tieout.domain.mapping.signature import TABLE, Parameter
from tieout.domain.mapping.transforms._arguments import as_text, within_text
from tieout.domain.mapping.values import CONTEXT, Value, named

Local: TypeAlias = "tuple[Value, ...]"
Reader: TypeAlias = Callable[[Run, Local], Value]
Names: TypeAlias = tuple[str, ...]


def compiled(node: Node, names: Names = ()) -> Reader:
    """A closure that reads the node's value. ``names`` are the lambda parameters around it, the innermost last."""
    match node:
        case Literal(value=value):
            return lambda run, local: value
        case Name():
            return _placed(node, _name(node, names))
        case Path():
            return _path(node, names)
        case ListOf():
            readers = [compiled(element, names) for element in node.elements]
            return lambda run, local: [read(run, local) for read in readers]
        case ObjectOf():
            fields = [(name, compiled(value, names)) for name, value in zip(node.names, node.values, strict=True)]
            return lambda run, local: {name: read(run, local) for name, read in fields}
        case Unary():
            return _unary(node, names)
        case Chain():
            return _chain(node, names)
        case Comparison():
            return _comparison(node, names)
        case Choice():
            return _choice(node, names)
        case Call():
            return _call(node, names)
    raise ExpressionError("=> stands only inside the brackets of a function", node.start, node.end)


def _placed(node: Node, read: Reader) -> Reader:
    """Gives a refusal the place of ``node``."""

    def placed(run: Run, local: Local) -> Value:
        try:
            return read(run, local)
        except Refused as refusal:
            raise refusal.at(node.start, node.end) from None
        except (ArithmeticError, ValueError):
            raise ExpressionError("a value is out of range here", node.start, node.end) from None

    return placed


def _name(node: Name, names: Names) -> Reader:
    name = node.name
    if name in names:
        place = len(names) - 1 - names[::-1].index(name)
        return lambda run, local: local[place]
    return lambda run, local: bounded(run.inputs.get(name))


def _path(node: Path, names: Names) -> Reader:
    base = compiled(node.base, names)
    steps = [_placed_step(step, names) for step in node.steps]

    def path(run: Run, local: Local) -> Value:
        value = base(run, local)
        for step in steps:
            value = step(run, local, value)
        return value

    return path


def _placed_step(step: Step, names: Names) -> Callable[[Run, Local, Value], Value]:
    index = None if step.index is None else compiled(step.index, names)

    def take(run: Run, local: Local, owner: Value) -> Value:
        try:
            key: Value = step.name if index is None else index(run, local)
            return None if owner is None else bounded(taken(owner, key))
        except Refused as refusal:
            raise refusal.at(step.start, step.end) from None

    return take


def _unary(node: Unary, names: Names) -> Reader:
    operand = compiled(node.operand, names)
    if node.operator == "not":
        return _placed(node.operand, lambda run, local: not condition(operand(run, local)))

    def negated(run: Run, local: Local) -> Value:
        value = operand(run, local)
        if type(value) is not Decimal:
            raise Refused(f"- needs a number, but this is {named(value)}")
        return CONTEXT.minus(value)

    return _placed(node, negated)


def _chain(node: Chain, names: Names) -> Reader:
    readers = [compiled(operand, names) for operand in node.operands]
    if node.level in (grammar.OR, grammar.AND):
        conditions = [_condition(operand, names) for operand in node.operands]
        stop = node.level == grammar.OR
        return lambda run, local: stop if any(read(run, local) is stop for read in conditions) else not stop
    if node.level == grammar.INSTEAD:
        return lambda run, local: next((value for read in readers if (value := read(run, local)) is not None), None)
    return _joined(node, readers) if node.level == grammar.JOIN else _computed(node, readers)


def _condition(node: Node, names: Names) -> Reader:
    read = compiled(node, names)
    return _placed(node, lambda run, local: condition(read(run, local)))


def _joined(node: Chain, readers: list[Reader]) -> Reader:
    texts = [_placed(operand, _texted(read)) for operand, read in zip(node.operands, readers, strict=True)]

    def joined(run: Run, local: Local) -> Value:
        parts = [str(read(run, local)) for read in texts]
        within_text(sum(map(len, parts)))
        text = "".join(parts)
        run.budget.read(text)
        return text

    return _placed(node, joined)


def _texted(read: Reader) -> Reader:
    return lambda run, local: as_text(read(run, local))


def _computed(node: Chain, readers: list[Reader]) -> Reader:
    rest = list(zip(node.operators, node.operands, readers[1:], strict=False))
    steps = [(sign, read, node.operands[i].start, node.operands[i + 1].end) for i, (sign, _, read) in enumerate(rest)]

    def computed_chain(run: Run, local: Local) -> Value:
        value = readers[0](run, local)
        for sign, read, start, end in steps:
            right = read(run, local)
            try:
                value = computed(sign, value, right)
            except Refused as refusal:
                raise refusal.at(start, end) from None
        return value

    return computed_chain


def _comparison(node: Comparison, names: Names) -> Reader:
    sign, left, right = node.operator, compiled(node.left, names), compiled(node.right, names)
    if sign == "in":
        return _placed(node, lambda run, local: member(left(run, local), right(run, local), run.budget))
    if sign in ("=", "!="):
        wanted = sign == "="
        return _placed(node, lambda run, local: equal(left(run, local), right(run, local), run.budget) is wanted)
    return _placed(node, lambda run, local: ordered(sign, left(run, local), right(run, local)))


def _choice(node: Choice, names: Names) -> Reader:
    decide = _condition(node.condition, names)
    yes, no = compiled(node.yes, names), compiled(node.no, names)
    return lambda run, local: yes(run, local) if decide(run, local) else no(run, local)


def _call(node: Call, names: Names) -> Reader:
    transform = transform_of(node)
    pairs = matched(node)
    readers = [_argument(node, parameter, argument, names) for parameter, argument in pairs]
    missing: list[object] = [None for parameter in transform.parsed.parameters[len(pairs) :] if not parameter.repeated]
    first_needed = bool(pairs) and not transform.takes_nothing and not pairs[0][0].takes_nothing
    function = transform.function

    def call(run: Run, local: Local) -> Value:
        arguments: list[object] = []
        for index, read in enumerate(readers):
            argument = read(run, local)
            if argument is None and index == 0 and first_needed:
                return None
            arguments.append(argument)
        result: Value = function(*arguments, *missing)
        run.budget.read(result)
        return bounded(result)

    return _placed(node, call)


def _argument(node: Call, parameter: Parameter, argument: Node, names: Names) -> Callable[[Run, Local], object]:
    if isinstance(argument, Lambda):
        return _each(node, parameter, argument, names)
    if parameter.type is TABLE:
        return _table(argument)
    read = compiled(argument, names)
    takes_nothing = parameter.takes_nothing or parameter is transform_of(node).parsed.parameters[0]

    def checked(run: Run, local: Local) -> Value:
        value = read(run, local)
        run.budget.read(value)
        if value is None and takes_nothing:
            return None
        return accepted(value, parameter.type, f"{node.name} needs {{}} as {parameter.name}")

    return _placed(argument, checked)


def _table(argument: Node) -> Callable[[Run, Local], object]:
    name = table_name(argument)

    def table(run: Run, local: Local) -> object:
        try:
            return run.table(name)
        except Refused as refusal:
            raise refusal.at(argument.start, argument.end) from None

    return table


def _each(node: Call, parameter: Parameter, each: Lambda, names: Names) -> Callable[[Run, Local], object]:
    body, steps = compiled(each.body, (*names, each.parameter)), sum(1 for _ in walk(each.body))
    sentence, decides = f"{node.name} needs {{}} from each element", parameter.type.kind == "bool"

    def bound(run: Run, local: Local) -> object:
        def of(element: Value) -> Value:
            run.budget.visit(steps)
            value = body(run, (*local, element))
            try:
                return value if value is None and not decides else accepted(value, parameter.type, sentence)
            except Refused as refusal:
                raise refusal.at(each.body.start, each.body.end) from None

        return of

    return bound
