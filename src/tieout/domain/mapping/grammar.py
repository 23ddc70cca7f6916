"""Reads tokens into a tree: a Pratt parser, bounded in nodes and in depth before anything is built on its result."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, TypeVar

from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.lexer import Kind, Token, tokens
from tieout.domain.mapping.limits import DEPTH_MAX, NODES_MAX
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
from tieout.domain.mapping.values import Value

PIPE, OR, AND, NOT, COMPARE, JOIN, ADD, MULTIPLY, INSTEAD, NEGATE = range(1, 11)
LEVELS: Final = {
    "|": PIPE,
    "or": OR,
    "and": AND,
    **dict.fromkeys(("=", "==", "!=", "<>", "<", "<=", ">", ">=", "in"), COMPARE),
    "&": JOIN,
    **dict.fromkeys("+-", ADD),
    **dict.fromkeys("*/", MULTIPLY),
    "??": INSTEAD,
}
SAME_AS: Final = {"==": "=", "<>": "!="}
WORDS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}
AnyNode = TypeVar("AnyNode", bound=Node)


def parse(source: str) -> Node:
    """The tree of ``source``; ExpressionError says where it stops being an expression."""
    return _Parser(source).whole()


class _Parser:
    def __init__(self, source: str) -> None:
        self._tokens = tokens(source)
        self._at = 0
        self._nodes = 0
        self._open = 0

    def whole(self) -> Node:
        node = self._expression(0)
        token = self._next()
        if token.kind is not Kind.END:
            raise _unexpected(token)
        return node

    def _expression(self, above: int) -> Node:
        self._open += 1
        if self._open > DEPTH_MAX:
            raise _too_deep(self._peek().start)
        left = self._operand()
        while (level := _level(self._peek())) > above:
            left = self._joined(left, level)
        self._open -= 1
        return left

    def _joined(self, left: Node, level: int) -> Node:
        operator = self._next()
        if level == PIPE:
            return self._piped(left)
        right = self._expression(level)
        sign = SAME_AS.get(operator.text, operator.text)
        if level == COMPARE:
            return self._comparison(left, sign, right)
        if isinstance(left, Chain) and left.level == level:
            operators, operands = (*left.operators, sign), (*left.operands, right)
        else:
            operators, operands = (sign,), (left, right)
        return self._made(Chain(left.start, right.end, level, operators, operands))

    def _comparison(self, left: Node, sign: str, right: Node) -> Node:
        after = self._peek()
        if _level(after) == COMPARE:
            raise ExpressionError("only two values can be compared at a time", after.start, after.end, "join with and")
        return self._made(Comparison(left.start, right.end, sign, left, right))

    def _piped(self, left: Node) -> Node:
        name = self._next()
        if name.kind is not Kind.NAME:
            hint = "write or for 'either of the two'" if name.is_mark("|") else None
            raise ExpressionError("a function name must follow |", name.start, max(name.end, name.start + 1), hint)
        arguments, end = self._arguments() if self._peek().is_mark("(") else ((), name.end)
        return self._made(Call(left.start, end, name.text, name.start, (left, *arguments)))

    def _operand(self) -> Node:
        token = self._next()
        if token.is_mark("not"):
            operand = self._expression(NOT)
            return self._made(Unary(token.start, operand.end, "not", operand))
        if token.is_mark("-"):
            operand = self._expression(NEGATE)
            return self._made(Unary(token.start, operand.end, "-", operand))
        if token.is_mark("if"):
            return self._choice(token)
        return self._path(self._primary(token))

    def _choice(self, token: Token) -> Node:
        condition = self._expression(0)
        self._expect("then")
        yes = self._expression(0)
        self._expect("else")
        no = self._expression(0)
        return self._made(Choice(token.start, no.end, condition, yes, no))

    def _primary(self, token: Token) -> Node:
        if token.kind is Kind.NUMBER:
            return self._made(Literal(token.start, token.end, Decimal(token.text)))
        if token.kind is Kind.TEXT:
            return self._made(Literal(token.start, token.end, token.text))
        if token.is_mark(*WORDS):
            return self._made(Literal(token.start, token.end, WORDS[token.text]))
        if token.kind is Kind.NAME:
            return self._name(token)
        if token.is_mark("("):
            inner = self._expression(0)
            self._expect(")")
            return inner
        if token.is_mark("["):
            return self._list(token)
        if token.is_mark("{"):
            return self._object(token)
        raise _unexpected(token)

    def _name(self, token: Token) -> Node:
        if not self._peek().is_mark("("):
            return self._made(Name(token.start, token.end, token.text))
        arguments, end = self._arguments()
        return self._made(Call(token.start, end, token.text, token.start, arguments))

    def _arguments(self) -> tuple[tuple[Node, ...], int]:
        self._expect("(")
        found: list[Node] = []
        while not self._peek().is_mark(")"):
            found.append(self._argument())
            if not self._took(","):
                break
        return tuple(found), self._expect(")").end

    def _argument(self) -> Node:
        token = self._peek()
        if token.kind is Kind.NAME and self._tokens[self._at + 1].is_mark("=>"):
            self._at += 2
            body = self._expression(0)
            return self._made(Lambda(token.start, body.end, token.text, body))
        return self._expression(0)

    def _list(self, token: Token) -> Node:
        found: list[Node] = []
        while not self._peek().is_mark("]"):
            found.append(self._expression(0))
            if not self._took(","):
                break
        return self._made(ListOf(token.start, self._expect("]").end, tuple(found)))

    def _object(self, token: Token) -> Node:
        fields: dict[str, Node] = {}
        while not self._peek().is_mark("}"):
            name = self._next()
            if name.kind not in (Kind.NAME, Kind.TEXT, Kind.KEYWORD):
                raise _expected("a field name", name)
            if name.text in fields:
                raise ExpressionError(f"the field {name.text!r} is given twice"[:120], name.start, name.end)
            self._expect(":")
            fields[name.text] = self._expression(0)
            if not self._took(","):
                break
        end = self._expect("}").end
        return self._made(ObjectOf(token.start, end, tuple(fields), tuple(fields.values())))

    def _path(self, base: Node) -> Node:
        steps: list[Step] = []
        while self._peek().is_mark(".", "["):
            steps.append(self._step(self._next()))
        return self._made(Path(base.start, steps[-1].end, base, tuple(steps))) if steps else base

    def _step(self, opening: Token) -> Step:
        if opening.text == "[":
            index = self._expression(0)
            end = self._expect("]").end
            by_name = isinstance(index, Literal) and type(index.value) is str
            name = str(index.value) if isinstance(index, Literal) and by_name else ""
            return self._made(Step(opening.start, end, name, None if by_name else index))
        token = self._next()
        if token.kind not in (Kind.NAME, Kind.KEYWORD):
            raise _expected("a field name after the point", token)
        return self._made(Step(token.start, token.end, token.text, None))

    def _made(self, node: AnyNode) -> AnyNode:
        self._nodes += 1
        if self._nodes > NODES_MAX:
            raise ExpressionError(f"the expression has more than {NODES_MAX} parts", node.start, node.end)
        if node.depth > DEPTH_MAX:
            raise _too_deep(node.start)
        return node

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _took(self, mark: str) -> bool:
        taken = self._peek().is_mark(mark)
        self._at += taken
        return taken

    def _expect(self, mark: str) -> Token:
        token = self._next()
        if not token.is_mark(mark):
            raise _expected(mark, token)
        return token


def _level(token: Token) -> int:
    return LEVELS.get(token.text, 0) if token.kind in (Kind.MARK, Kind.KEYWORD) else 0


def _too_deep(start: int) -> ExpressionError:
    return ExpressionError(f"the expression is nested more than {DEPTH_MAX} levels deep", start)


def _expected(what: str, token: Token) -> ExpressionError:
    found = "the expression ends" if token.kind is Kind.END else f"there is {token.text!r}"[:60]
    return ExpressionError(f"expected {what} but {found}", token.start, token.end)


def _unexpected(token: Token) -> ExpressionError:
    if token.kind is Kind.END:
        return ExpressionError("the expression is not complete", token.start, token.end)
    hint = "write and for 'both'; one & joins texts" if token.is_mark("&") else None
    return ExpressionError(f"unexpected {token.text!r}"[:60], token.start, token.end, hint)
