"""Reads JSON from outside strictly, and takes card numbers out of its text without changing anything else."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from tieout.connectors._json import TEXT, NotReadable, read_json
from tieout.kernel.redact import redact

__all__ = ["NotReadable", "read_strictly", "without_cards"]

BYTES_MAX = 1024 * 1024

_LITERAL = re.compile(TEXT + r"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.DOTALL)


def read_strictly(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``; numbers with a point become Decimal. Raises NotReadable, and nothing else.

    Refused besides what ``read_json`` refuses: more than 1 MiB, a name twice in one object, bytes that are not UTF-8
    (Stripe B3, reliability A16).
    """
    if len(body) > BYTES_MAX:
        raise NotReadable(f"the body has {len(body)} bytes, at most {BYTES_MAX} are read")
    value = read_json(_decoded(body), _object)
    if not isinstance(value, dict):
        raise NotReadable("the body is not a JSON object")
    return value


def without_cards(text: str) -> str:
    """A JSON text whose texts and whole numbers are redacted one by one: it stays JSON, byte for byte elsewhere."""
    return _LITERAL.sub(_redacted, text)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotReadable(f"the body is not UTF-8: {error.reason} at byte {error.start}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise NotReadable(f"the name {redact(twice)[:40]!r} stands twice in one object")
    return found


def _redacted(match: re.Match[str]) -> str:
    literal = match[0]
    plain = json.loads(literal, strict=False) if "\\" in literal else literal.strip('"')
    clean = redact(plain)
    return literal if clean == plain else json.dumps(clean)
