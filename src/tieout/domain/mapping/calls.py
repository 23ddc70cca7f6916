"""Matches the arguments of a call to the parameters of its function; refuses what cannot match in any evaluation."""

from __future__ import annotations

from tieout.domain.mapping.errors import ExpressionError, shortened, suggestion
from tieout.domain.mapping.nodes import Call, Lambda, Literal, Node
from tieout.domain.mapping.registry import TRANSFORMS
from tieout.domain.mapping.signature import TABLE, Parameter
from tieout.domain.mapping.transforms._transform import Transform


def transform_of(call: Call) -> Transform:
    """The function that is called; ExpressionError with a suggestion when there is none of that name."""
    found = TRANSFORMS.get(call.name)
    if found is None:
        end = call.name_start + len(call.name)
        raise ExpressionError(
            f"unknown function {shortened(call.name)}", call.name_start, end, suggestion(call.name, TRANSFORMS)
        )
    return found


def matched(call: Call) -> tuple[tuple[Parameter, Node], ...]:
    """Every argument with the parameter that takes it."""
    transform = transform_of(call)
    signature = transform.parsed
    pairs = []
    for index, argument in enumerate(call.arguments):
        parameter = signature.parameter(index)
        if parameter is None:
            raise _wrong_count(call, transform)
        _check_form(transform.name, parameter, argument)
        pairs.append((parameter, argument))
    if len(pairs) < signature.least:
        raise _wrong_count(call, transform)
    return tuple(pairs)


def table_name(argument: Node) -> str:
    """The name that stands in the place of a look-up table."""
    if not (isinstance(argument, Literal) and isinstance(argument.value, str)):
        raise ExpressionError("the name of a look-up table is written out in quotes", argument.start, argument.end)
    return argument.value


def _check_form(name: str, parameter: Parameter, argument: Node) -> None:
    is_lambda = isinstance(argument, Lambda)
    if parameter.element is not None and not is_lambda:
        message = f"{name} needs an expression over each element as {parameter.name}"
        raise ExpressionError(message, argument.start, argument.end, "write it as: x => x.field")
    if parameter.element is None and is_lambda:
        message = f"{name} takes no => expression as {parameter.name}"
        raise ExpressionError(message, argument.start, argument.end)
    if parameter.type is TABLE and not (isinstance(argument, Literal) and type(argument.value) is str):
        message = f"{name} needs the name of a look-up table as {parameter.name}"
        raise ExpressionError(message, argument.start, argument.end, "write the name out in quotes")


def _wrong_count(call: Call, transform: Transform) -> ExpressionError:
    given = len(call.arguments)
    count = "1 value is" if given == 1 else f"{given} values are"
    return ExpressionError(f"{call.name} takes ({transform.parsed.taken}), but {count} given", call.start, call.end)
