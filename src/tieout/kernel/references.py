"""References: the deterministic names by which a record we may already have written can be found again."""

from __future__ import annotations

import base64
import hashlib

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LENGTH_DEFAULT = 20
LENGTH_MIN = 16


def is_reference(text: str, *, prefix: str = "TO", length: int = LENGTH_DEFAULT) -> bool:
    """Whether a text looks like one of ours, whole: another record's, then, and not a cut or changed one of this record."""
    body = text.upper().removeprefix(prefix)
    return len(text) == length and text.upper().startswith(prefix) and all(one in ALPHABET for one in body)


def reference(*parts: str, prefix: str = "TO", length: int = LENGTH_DEFAULT) -> str:
    """A reference of ``length`` characters from the parts that name the write (reliability §2.2).

    The parts are connection, live mode, subject and kind of record; the same parts give the same reference on any machine
    in any year. The alphabet survives upper-casing, trimming and padding (C13).
    """
    if length < LENGTH_MIN:
        raise ValueError(f"a reference of {length} characters is too short to be unique; use at least {LENGTH_MIN}")
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return (prefix + base64.b32encode(digest).decode().rstrip("="))[:length]
