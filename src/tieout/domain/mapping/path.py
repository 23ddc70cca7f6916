"""Reference paths: ``charge.lines[].amount``, ``charge.metadata['po no']``; how they are built and read."""

from __future__ import annotations

import re
from typing import Final

PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PIECE: Final = re.compile(r"\[\]|\.?([^.\[\]]+)|\['((?:[^'\\]|\\.)*)'\]")
EACH: Final = "[]"


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
