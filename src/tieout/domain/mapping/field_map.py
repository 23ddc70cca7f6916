"""A field map: for each field of a target record, the expression that feeds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tieout.domain.mapping.errors import ExpressionError, suggestion
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.types import Schema

TargetKind = Literal["text", "number", "date", "bool", "list", "object", "any"]


@dataclass(frozen=True, slots=True)
class TargetField:
    """A field of the record that is written.

    ``length`` is in characters and counts for text, ``decimals`` the most a number may have. ``fields`` are those of
    the object, or of each object in the list; without them its content is free.

    What is too long runs over at a word into the field named by ``onto``. What still does not fit is refused, with
    ``remedy`` as what to do; with ``over`` it is cut at a word and told (``tell``), or told and alerted (``alert``).
    """

    name: str
    kind: TargetKind = "text"
    length: int | None = None
    required: bool = False
    decimals: int | None = None
    fields: tuple[TargetField, ...] = ()
    over: Literal["", "tell", "alert"] = ""
    onto: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Wire:
    """One target field and what feeds it."""

    target: TargetField
    expression: Expression


@dataclass(frozen=True, slots=True)
class FieldMap:
    """The wires in the order of their writing; ``targets`` are all fields of the record (none: fields are free)."""

    wires: tuple[Wire, ...]
    targets: tuple[TargetField, ...] = ()

    @classmethod
    def parse(
        cls, fields: Mapping[str, str], targets: Sequence[TargetField] = (), schema: Schema | None = None
    ) -> FieldMap:
        """The field map of ``{target field: expression}``.

        Raises ExpressionError for the first field that does not exist or whose expression is wrong; the message names
        the field. ``checks.check`` lists all that is wrong instead.
        """
        known = {target.name: target for target in targets}
        wires = tuple(_wire(name, source, known, schema) for name, source in fields.items())
        return cls(wires, tuple(targets))


def target_named(name: str, known: Mapping[str, TargetField]) -> TargetField:
    """The target field; free when none are known. ExpressionError with a suggestion when it does not exist."""
    if not known:
        return TargetField(name, "any")
    if name not in known:
        raise ExpressionError(f"the record has no field {name!r}", hint=suggestion(name, known))
    return known[name]


def _wire(name: str, source: str, known: Mapping[str, TargetField], schema: Schema | None) -> Wire:
    target = target_named(name, known)
    try:
        return Wire(target, Expression.parse(source, schema))
    except ExpressionError as error:
        raise ExpressionError(f"{name}: {error.message}", error.start, error.end, error.hint) from None
