"""Reference paths: ``charge.lines[].amount``, ``charge.metadata['po no']``; how they are built, read and followed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from tieout.domain.mapping.values import Value

PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PIECE: Final = re.compile(r"\[\]|\.?([^.\[\]]+)|\['((?:[^'\\]|\\.)*)'\]")
EACH: Final = "[]"
GATHERED_MAX = 5


def field_of(path: str, name: str) -> str:
    """The path of a field of the object at ``path``."""
    if PLAIN.fullmatch(name):
        return f"{path}.{name}"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"{path}['{quoted}']"


def elements_of(path: str) -> str:
    """The path of the elements of the list at ``path``."""
    return path + EACH


def segments(path: str) -> tuple[str, ...]:
    """The steps of a path: names, and ``[]`` for 'every element'."""
    found = []
    for piece in PIECE.finditer(path):
        plain, quoted = piece.group(1), piece.group(2)
        found.append(EACH if piece.group() == EACH else plain or re.sub(r"\\(.)", r"\1", quoted or ""))
    return tuple(found)


def gather(inputs: Mapping[str, Value], path: str) -> Value:
    """What stands at ``path``; for a path through lists, the first values found there as a list."""
    found: list[Value] = [dict(inputs)]
    steps = segments(path)
    for step in steps:
        found = [one for value in found for one in _followed(value, step)][: 20 * GATHERED_MAX]
    if EACH in steps:
        return found[:GATHERED_MAX]
    return found[0] if found else None


def _followed(value: Value, step: str) -> Iterable[Value]:
    if step == EACH:
        return value if type(value) is list else ()
    return (value[step],) if type(value) is dict and step in value else ()
