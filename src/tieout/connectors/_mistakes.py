"""What may be told of a setting that does not fit."""

from __future__ import annotations

from pydantic_core import ErrorDetails

from tieout.kernel.redact import printable

SHOWN_MAX = 80


def entered(mistake: ErrorDetails) -> str:
    """What was entered; not for a setting that does not exist, nor with an @: it may be a secret (security S40, S41)."""
    value = mistake.get("input", "")
    hidden = mistake["type"] == "extra_forbidden" or isinstance(value, dict) or "@" in str(value)
    return "" if hidden else printable(str(value))[:SHOWN_MAX]
