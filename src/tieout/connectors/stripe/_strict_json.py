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

NETWORK_NUMBERS = {
    "network_transaction_id": re.compile(r"[A-Za-z0-9]{1,15}", re.ASCII),
    "acquirer_reference_number": re.compile(r"[0-9]{23}", re.ASCII),
}
_COLON = re.compile(r"\s*:")
_LITERAL = re.compile(TEXT + r"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.DOTALL)
_TOKEN = re.compile(_LITERAL.pattern + r"|[\[\]{}]", re.DOTALL)


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
    return (
        _Scan(text).redacted()
        if any(f'"{name}"' in text for name in NETWORK_NUMBERS)
        else _LITERAL.sub(_redacted, text)
    )


class _Scan:
    """Redacts literal by literal and knows where each stands: Stripe's own numbers of networks stay, but not under a name in
    metadata, which anybody may give (case D4)."""

    def __init__(self, text: str) -> None:
        self._text, self._above, self._key = text, list[str](), ""

    def redacted(self) -> str:
        """The whole text."""
        return _TOKEN.sub(self._token, self._text)

    def _token(self, found: re.Match[str]) -> str:
        token = found[0]
        if token in "{[":
            self._above.append(self._key)
        elif token in "}]":
            self._key = self._above.pop() if self._above else ""
        elif token.startswith('"') and _COLON.match(self._text, found.end()):
            self._key = token.strip('"')
            return _redacted(found)
        elif self._is_network_number(token.strip('"')):
            return token
        else:
            return _redacted(found)
        return token

    def _is_network_number(self, value: str) -> bool:
        measure = NETWORK_NUMBERS.get(self._key)
        return measure is not None and bool(measure.fullmatch(value)) and "metadata" not in self._above


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
