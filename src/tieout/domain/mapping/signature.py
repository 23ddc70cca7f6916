"""What a function takes and gives, written as a person reads it: ``list: list of T, each: T => U -> list of U``.

A parameter is ``name: type``; ``?`` after the type makes it optional, ``...`` repeatable. A type is text, number, bool,
list, object, any, ``list of <type>``, ``<type> or <type>``, a capital letter for 'whatever it is', ``table`` (the name
of a look-up table, written out) or ``T => <type>`` (an expression over each element).
"""

from __future__ import annotations

from dataclasses import dataclass

from tieout.domain.mapping.types import ANY, BOOL, LIST, NUMBER, OBJECT, TEXT, Type, list_of

PLAIN = {kind.kind: kind for kind in (ANY, BOOL, LIST, NUMBER, OBJECT, TEXT)}
TABLE = Type("table")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument. ``element`` is set for an expression over each element: its input; ``type`` is its result."""

    name: str
    type: Type
    optional: bool = False
    repeated: bool = False
    element: Type | None = None

    @property
    def takes_nothing(self) -> bool:
        """Whether 'nothing' is an ordinary value here."""
        return self.optional or self.type.kind == "any" or self.type.is_variable


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters in order and the type of the result."""

    text: str
    parameters: tuple[Parameter, ...]
    result: Type

    @property
    def least(self) -> int:
        """How many arguments must be given."""
        return sum(not (parameter.optional or parameter.repeated) for parameter in self.parameters)

    @property
    def taken(self) -> str:
        """The parameters as text."""
        return self.text.rpartition(" -> ")[0]

    def parameter(self, index: int) -> Parameter | None:
        """The parameter that takes the argument at ``index``, or None when there are too many."""
        if index < len(self.parameters):
            return self.parameters[index]
        last = self.parameters[-1] if self.parameters else None
        return last if last and last.repeated else None


def signature(text: str) -> Signature:
    """Reads a signature; ValueError when it is not one."""
    taken, arrow, result = text.rpartition(" -> ")
    if not arrow:
        raise ValueError(f"a signature needs ' -> ' before its result: {text!r}")
    return Signature(text, tuple(_parameter(part) for part in taken.split(", ") if part), _type(result))


def _parameter(text: str) -> Parameter:
    name, colon, written = text.partition(": ")
    if not colon:
        raise ValueError(f"a parameter is written 'name: type', got {text!r}")
    repeated, optional = written.endswith("..."), written.removesuffix("...").endswith("?")
    given, arrow, gives = written.rstrip("?.").partition(" => ")
    if arrow:
        return Parameter(name, _type(gives), optional, repeated, _type(given))
    return Parameter(name, _type(given), optional, repeated)


def _type(text: str) -> Type:
    if " or " in text:
        return Type("either", options=tuple(_type(option) for option in text.split(" or ")))
    if text.startswith("list of "):
        return list_of(_type(text.removeprefix("list of ")))
    if text == TABLE.kind:
        return TABLE
    if len(text) == 1 and text.isupper():
        return Type(text)
    if text not in PLAIN:
        raise ValueError(f"unknown type {text!r} in a signature")
    return PLAIN[text]
