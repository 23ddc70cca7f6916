"""Dataclasses as expressions see them: their schema (path to kind) and their values."""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from tieout.domain.mapping.path import elements_of
from tieout.domain.mapping.types import Schema
from tieout.domain.mapping.values import Value, admit
from tieout.kernel.redact import redact, redact_long

PLAIN: Final[Mapping[type, str]] = {str: "text", bool: "bool", int: "number", Decimal: "number", date: "date"}
DEPTH_MAX = 8
IDENTIFIERS: Final = ("id", "sku", "number")
ORDER_NUMBERS: Final = ("ecommerceorderid", "erporderid")

_HALVES = re.compile("[\ud800-\udfff]")


def schema_of(kind: type, root: str = "") -> Schema:
    """The schema of a dataclass: ``{"id": "text", "lines[].sku": "text"}``, each path below ``root`` when one is given.

    Mappings to plain values give the kind of any key (``metadata.*``). What the language has no word for is ``any``;
    types that contain themselves are ``any`` below a depth of 8.
    """
    return dict(_schema(kind, root))


@cache
def _schema(kind: type, root: str) -> tuple[tuple[str, str], ...]:
    return tuple(_paths(kind, root, 1))


def values_of(record: object) -> dict[str, Value]:
    """The fields of a dataclass as values: tuples as lists, enums by their value, dates in ISO form.

    Texts come without card numbers and keys, because what is a value is stored, shown and written to other systems
    (security S42). What things are looked up by in our own records (``sku``, ``number`` and whatever ends with ``id``) may
    look like a short card number and stays; no name that a stranger gave, such as a key of metadata, excuses anything
    (case D4).

    Raises ValueError, naming the field, for a float or an object the language does not know.
    """
    value = admit(_opened(record), type(record).__name__)
    if not isinstance(value, dict):
        raise ValueError(f"{type(record).__name__} is not a dataclass")
    return value


def _paths(kind: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    kind = _without_none(kind)
    if dataclasses.is_dataclass(kind):
        yield from _fields(kind, path, depth)
    elif get_origin(kind) in (tuple, list):
        yield from _paths(get_args(kind)[0] if get_args(kind) else Any, elements_of(path), depth)
    elif get_origin(kind) in (dict, Mapping) and get_args(kind)[1] in PLAIN:
        yield f"{path}.*", PLAIN[get_args(kind)[1]]
    elif isinstance(kind, type):
        yield path, next((word for plain, word in PLAIN.items() if issubclass(kind, plain)), "any")
    else:
        yield path, "object" if get_origin(kind) in (dict, Mapping) else "any"


def _fields(kind: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEPTH_MAX:
        yield path, "any"
        return
    hints = get_type_hints(kind)
    for one in dataclasses.fields(kind):
        yield from _paths(hints[one.name], f"{path}.{one.name}" if path else one.name, depth + 1)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) not in (Union, types.UnionType):
        return kind
    others = [one for one in get_args(kind) if one is not type(None)]
    return others[0] if len(others) == 1 else Any


def _opened(record: object, name: str = "") -> object:
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {one.name: _opened(getattr(record, one.name), one.name) for one in dataclasses.fields(record)}
    if isinstance(record, Enum):
        return record.value
    if isinstance(record, str):
        return redact_long(_whole(record)) if _identifies(name) else redact(_whole(record))
    if isinstance(record, (tuple, list)):
        return [_opened(one, name) for one in record]
    if isinstance(record, Mapping):
        return {redact(_whole(str(key))): _opened(one, _known(str(key))) for key, one in record.items()}
    return record.isoformat() if isinstance(record, date) else record


def _whole(text: str) -> str:
    """The text without halves of characters, which JSON may carry and nothing can store."""
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def _known(key: str) -> str:
    """The name of a key that our own documentation gives to order numbers; of any other key, none."""
    return key if key in ORDER_NUMBERS else ""


def _identifies(name: str) -> bool:
    return name in IDENTIFIERS or name.casefold().endswith("id")
