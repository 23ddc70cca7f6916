"""What a function of the expression language declares: its examples are its tests and its help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from tieout.domain.mapping.signature import Signature, signature
from tieout.domain.mapping.values import Tables, Value, admit

# The look-up tables that examples use.
EXAMPLE_TABLES: Final[Tables] = MappingProxyType(
    {"accounts": {"sale": "4000-10", "refund": "4900-10"}, "branches": {"10": "Ohio"}}
)


@dataclass(frozen=True, slots=True)
class Table:
    """A look-up table as a function receives it."""

    name: str
    rows: Mapping[str, object]

    def row(self, key: str) -> Value:
        """What the table says of ``key``, checked as inputs are; nothing when there is no such row."""
        return admit(self.rows.get(key), f"the row {key[:60]!r} of table {self.name!r}")


@dataclass(frozen=True, slots=True)
class Transform:
    """A pure function with a name and a signature.

    ``function`` receives values of exactly the types it declares; an optional argument that is missing or nothing
    arrives as None. When the first argument is nothing, the result is nothing and ``function`` is not called, unless
    ``takes_nothing``. It refuses by raising Refused. ``examples`` are (expression, value) with no inputs.
    """

    name: str
    title: str
    group: str
    signature: str
    examples: tuple[tuple[str, object], ...]
    function: Callable[..., Any]
    takes_nothing: bool = False
    parsed: Signature = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parsed", signature(self.signature))

    def expected(self) -> tuple[tuple[str, Value], ...]:
        """The examples with their values as the language gives them."""
        return tuple((source, admit(value, source)) for source, value in self.examples)
