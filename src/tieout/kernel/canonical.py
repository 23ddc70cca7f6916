"""One byte form for one value: canonical JSON, so that equal things have equal hashes."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

_NUMBER = "#number"


def canonical(value: object) -> str:
    """Compact JSON with sorted keys; Decimals become plain text. TypeError for anything that is not JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def fingerprint(value: object) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def pack(value: object) -> str:
    """Canonical JSON that keeps Decimals apart from texts, so that ``unpack`` gives an equal value."""
    return canonical(_marked(value))


def unpack(text: str) -> Any:
    """The value that ``pack`` was given."""
    return json.loads(text, object_hook=_unmarked)


def _marked(value: object) -> object:
    if isinstance(value, Decimal):
        return {_NUMBER: format(value, "f")}
    if isinstance(value, dict):
        return {key: _marked(inner) for key, inner in value.items()}
    return [_marked(inner) for inner in value] if isinstance(value, list | tuple) else value


def _unmarked(value: dict[str, Any]) -> Any:
    return Decimal(value[_NUMBER]) if value.keys() == {_NUMBER} else value
