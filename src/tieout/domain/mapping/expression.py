"""An expression: parsed and checked once, then asked for its value as often as one likes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tieout.domain.mapping.errors import ExpressionError, Refused
from tieout.domain.mapping.evaluate import Reader, compiled
from tieout.domain.mapping.grammar import parse
from tieout.domain.mapping.inference import type_of
from tieout.domain.mapping.nodes import Name, walk
from tieout.domain.mapping.references import functions, references, tables
from tieout.domain.mapping.run import Run
from tieout.domain.mapping.types import Schema, Type, tree
from tieout.domain.mapping.values import NO_TABLES, Tables, Value, admitted, measured


@dataclass(frozen=True, slots=True)
class Expression:
    """``references`` are the paths it reads (``charge.lines[].sku``), ``tables`` the look-up tables it needs."""

    source: str
    references: tuple[str, ...] = field(compare=False)
    tables: tuple[str, ...] = field(compare=False)
    functions: tuple[str, ...] = field(compare=False)
    type: Type = field(compare=False)
    roots: frozenset[str] = field(compare=False, repr=False)
    read: Reader = field(compare=False, repr=False)

    @classmethod
    def parse(cls, source: str, schema: Schema | None = None) -> Expression:
        """The expression of that text; checked against ``schema`` (path to kind) when one is given.

        Raises ExpressionError, and nothing else, for whatever ``source`` is.
        """
        return _parsed(source) if schema is None else _checked(source, tree(schema))

    def value(self, inputs: Mapping[str, object], tables: Tables = NO_TABLES) -> Value:
        """Its value for these inputs: null, bool, Decimal, str, list or dict.

        ``inputs`` may hold int, which becomes Decimal; a float or any other object is refused. Raises ExpressionError,
        and nothing else.
        """
        try:
            return measured(self.read(Run(admitted(inputs, self.roots), tables), ()))
        except Refused as refusal:
            raise refusal.at(0, len(self.source)) from None
        except RecursionError:
            raise ExpressionError("the expression is nested too deeply to be evaluated here") from None


@lru_cache(maxsize=2_000)
def _parsed(source: str) -> Expression:
    return _checked(source, None)


def _checked(source: str, inputs: Type | None) -> Expression:
    try:
        node = parse(source)
        kind = type_of(node, inputs)
        read = references(node)
        roots = frozenset(one.name for one in walk(node) if isinstance(one, Name))
        return Expression(source, read, tables(node), functions(node), kind, roots, compiled(node))
    except RecursionError:
        raise ExpressionError("the expression is nested too deeply to be read here") from None
