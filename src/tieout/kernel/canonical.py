"""One byte form for one value: canonical JSON, so that equal things have equal hashes."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal



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
