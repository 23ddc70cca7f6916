"""Applies a field map: the document, a reason for every value, and every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.domain.mapping.errors import ExpressionError, Refused
from tieout.domain.mapping.field_map import FieldMap
from tieout.domain.mapping.fitting import Fitting, Json, Problem, shown
from tieout.domain.mapping.run_over import run_over
from tieout.domain.mapping.values import NO_TABLES, Admitted, Tables, Value, admitted
from tieout.domain.remark import Remark

__all__ = ["Applied", "Json", "Problem", "Reason", "apply"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a field has its value: the expression, and what it gave (cut)."""

    field: str
    expression: str
    value: str


@dataclass(frozen=True, slots=True)
class Applied:
    """``document`` is fit to be written only when there are no ``problems``.

    Its numbers are plain decimal text ("12.50"), its dates ISO text; a field that got nothing is left out. ``cuts`` tells what
    was too long and is written in part.
    """

    document: dict[str, Json]
    reasons: tuple[Reason, ...]
    problems: tuple[Problem, ...]
    cuts: tuple[Remark, ...] = ()


def apply(field_map: FieldMap, inputs: Mapping[str, object], tables: Tables = NO_TABLES) -> Applied:
    """Evaluates every wire over ``inputs``. Never raises: what is wrong becomes a problem."""
    roots = {root for wire in field_map.wires for root in wire.expression.roots}
    try:
        values = admitted(inputs, roots)
    except Refused as refusal:
        return Applied({}, (), (Problem("", "", "inputs", f"The inputs cannot be read: {_words(refusal)}."),))
    return _applied(field_map, values, tables)


def _applied(field_map: FieldMap, values: Admitted, tables: Tables) -> Applied:
    fitting, reasons = Fitting(), []
    given: dict[str, Value] = {}
    for wire in field_map.wires:
        try:
            value = wire.expression.value(values, tables)
        except ExpressionError as error:
            complaint = (
                f"cannot be computed: {_words(error)}, in {wire.expression.source[error.start : error.end][:60]}"
            )
            fitting.refuse(wire.target.name, None, "expression", complaint)
            continue
        reasons.append(Reason(wire.target.name, wire.expression.source, shown(value, 200)))
        given[wire.target.name] = value
    known = {
        **{wire.target.name: wire.target for wire in field_map.wires},
        **{one.name: one for one in field_map.targets},
    }
    spread = run_over(field_map.targets, given)
    document = {name: fitting.fit(known[name], value, name) for name, value in spread.items()}
    _check_missing(field_map, fitting)
    written: dict[str, Json] = {name: value for name, value in document.items() if value is not None}
    return Applied(written, tuple(reasons), tuple(fitting.problems), tuple(fitting.cuts))


def _check_missing(field_map: FieldMap, fitting: Fitting) -> None:
    fed = {wire.target.name for wire in field_map.wires}
    for target in field_map.targets:
        if target.required and target.name not in fed:
            fitting.refuse(target.name, None, "required", "is required, but nothing feeds it")


def _words(error: ExpressionError | Refused) -> str:
    return f"{error.message} ({error.hint})" if error.hint else error.message
