"""Keeps card numbers and secrets out of whatever is stored, shown or logged."""

from __future__ import annotations

import re

_CARD = re.compile(r"(?<![0-9A-Za-z_])[2-6](?:[ \-.]?\d){12,18}(?![0-9])")
_SECRET = re.compile(
    r"\b(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/=]{8,}|[cC][ks]_[A-Za-z0-9]{24,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]+)?)|(?<=Bearer )[A-Za-z0-9._~+/=-]{8,}"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def redact(text: str) -> str:
    """The text without card numbers (Luhn-valid, 13 to 19 digits, with or without separators) and without keys."""
    if not text:
        return text
    return _SECRET.sub(lambda m: f"{m[0][:8]}…", _CARD.sub(_mask_card, text))


def printable(text: str) -> str:
    """The redacted text on one line, without control, bidirectional, zero-width or half characters (reliability G2, G7)."""
    return _CONTROL.sub(
        "\N{REPLACEMENT CHARACTER}", redact(text).replace("\r", " ").replace("\n", " ").replace("\t", " ")
    )


def _mask_card(match: re.Match[str]) -> str:
    digits = [int(c) for c in match[0] if c.isdigit()]
    return f"[card number …{''.join(map(str, digits[-4:]))}]" if _luhn(digits) else match[0]


def _luhn(digits: list[int]) -> bool:
    doubled = (sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
