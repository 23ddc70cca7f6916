"""Settings as they were entered, and what may be told of one that does not fit: the same words for every connector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tieout.kernel.failures import Failed, Fix
from tieout.kernel.redact import printable

SHOWN_MAX = 80
OURS = "Value error, "
NOT_WHOLE = ("int_parsing", "int_type", "int_from_float")

Settings = TypeVar("Settings", bound=BaseModel)


def parsed(model: type[Settings], given: Mapping[str, object], title: str, code: str) -> Settings:
    """The settings of a ``title`` connection; Failed(Fix) tells the first mistake, its detail all of them."""
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        first = mistakes[0]
        name, value = _name(model, first), entered(first)
        told = f" ({value!r})" if value else ""
        detail = "; ".join(f"{_name(model, one)}: {_words(model, one)}" for one in mistakes)
        sentence = f"The setting {name}{told} of the {title} connection does not fit: {_words(model, first)}."
        raise Failed(Fix(code, sentence, detail, field=name, value=value)) from None


def entered(mistake: ErrorDetails) -> str:
    """What was entered; not for a setting that does not exist, nor with an @: it may be a secret (security S40, S41)."""
    value = mistake.get("input", "")
    hidden = mistake["type"] == "extra_forbidden" or isinstance(value, dict) or "@" in str(value)
    return "" if hidden else printable(str(value))[:SHOWN_MAX]


def _name(model: type[BaseModel], mistake: ErrorDetails) -> str:
    """Where the mistake is; settings that do not fit together begin their words with the one to change."""
    if path := ".".join(str(step) for step in mistake["loc"]):
        return path
    first = mistake["msg"].removeprefix(OURS).split(" ", 1)[0]
    return first if first.partition(".")[0] in model.model_fields else "settings"


def _words(model: type[BaseModel], mistake: ErrorDetails) -> str:
    if mistake["type"] == "missing":
        return "it is missing; add it"
    if mistake["type"] == "extra_forbidden":
        return f"there is no such setting; known are {', '.join(_fields_beside(model, mistake['loc']))}"
    if mistake["type"] in NOT_WHOLE:
        return "write a whole number, such as 10"
    words = mistake["msg"].removeprefix(OURS).rstrip(".")
    return words[0].lower() + words[1:] if words.startswith(("Input", "String")) else words


def _fields_beside(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    for step in path[:-1]:
        inner = model.model_fields[str(step)].annotation
        assert isinstance(inner, type) and issubclass(inner, BaseModel), "only a model of ours forbids settings"
        model = inner
    return list(model.model_fields)
