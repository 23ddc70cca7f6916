"""Amounts as banks write them become whole minor units, exactly or not at all (Stripe B7 for the exponents)."""

from __future__ import annotations

import re
from decimal import Decimal

from tieout.kernel.money import Money, exponent

DIGITS_MAX = 18  # of ISO 20022; no bank books more
DIGITS_OF_A_GROUP = 3
GROUPED = {".": ",", ",": "."}
SPACES = re.compile(r"[\s'’\u00a0\u202f]")
SYMBOLS = "$€£¥"


def minor_units(text: str, currency: str, decimal_mark: str = ".") -> int:
    """``-1,234.50`` in minor units of ``currency``. ValueError says what is wrong, without the text.

    Understood: a sign before or after, brackets for minus, groups of three, a currency sign. ``decimal_mark`` is a
    point or a comma; the other one may only stand between groups.
    """
    body, negative = _sign(SPACES.sub("", text).replace("\N{MINUS SIGN}", "-"))
    number = _plain(body.strip(SYMBOLS), decimal_mark)
    if len(number.partition(".")[2]) == DIGITS_OF_A_GROUP and exponent(currency) < DIGITS_OF_A_GROUP:
        raise ValueError("has three decimals, which may be thousands; is the decimal mark the other one?")
    minor = _exact(number, currency)
    return -minor if negative else minor


def plain_minor_units(text: str, currency: str) -> int:
    """``1234.5`` in minor units: digits and a point, as in ISO 20022, where the sign is told apart. ValueError as above."""
    if not re.fullmatch(r"[0-9]+(?:\.[0-9]*)?", text):
        raise ValueError("is no plain amount; expected digits and a point")
    return _exact(text, currency)


def _exact(number: str, currency: str) -> int:
    if sum(map(str.isdigit, number)) > DIGITS_MAX:
        raise ValueError(f"has more than {DIGITS_MAX} digits")
    return Money.of_decimal(Decimal(number), currency).minor


def _sign(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1], True
    bare = text.strip(SYMBOLS)
    if bare[:1] in ("-", "+"):
        return bare[1:], bare[0] == "-"
    if bare[-1:] in ("-", "+"):
        return bare[:-1], bare[-1] == "-"
    return text, False


def _plain(body: str, mark: str) -> str:
    group = re.escape(GROUPED[mark])
    if re.fullmatch(
        rf"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{re.escape(mark)}[0-9]*)?|{re.escape(mark)}[0-9]+", body
    ):
        return body.replace(GROUPED[mark], "").replace(mark, ".")
    other = " (is the decimal mark the other one?)" if GROUPED[mark] in body else ""
    raise ValueError(f"is no amount with the decimal mark {mark!r}{other}")
