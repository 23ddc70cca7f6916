"""What is said of a statement that cannot be read: the place, the value, and what to do (accounting C3)."""

from __future__ import annotations

from tieout.kernel.failures import Failed, Fix
from tieout.kernel.redact import printable

SHOWN_CHARS_MAX = 80


def refusal(code: str, sentence: str, field: str = "", value: str = "") -> Failed:
    """Failed(Fix) with the code ``bank.<code>``; the value is cut to what a person can take in."""
    return Failed(Fix(f"bank.{code}", sentence, field=field, value=shown(value)))


def shown(value: str) -> str:
    """The value on one line, without what must not be shown."""
    return printable(value[:SHOWN_CHARS_MAX]) + ("…" if len(value) > SHOWN_CHARS_MAX else "")
