"""A text read as a number."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from tieout.domain.mapping.errors import Refused, shortened
from tieout.domain.mapping.transforms._transform import Transform

PLAIN: Final = re.compile(r"[+-]?[0-9]{1,34}(\.[0-9]{1,34})?")
CHARACTERS_MAX = 80
DIGITS_MAX = 34


def number(value: Decimal | str) -> Decimal:
    """Plain digits with an optional sign and point; Refused for anything else, also for thousands separators."""
    if isinstance(value, Decimal):
        return value
    text = value.strip() if len(value) <= CHARACTERS_MAX else ""
    if not PLAIN.fullmatch(text) or sum(map(str.isdigit, text)) > DIGITS_MAX:
        hint = "replace(…, ',', '') removes thousands separators" if "," in text else None
        raise Refused(f"{shortened(value)} is not a number", hint)
    return Decimal(text)


TRANSFORM = Transform(
    name="number",
    title="A text of plain digits as a number; anything else is an error",
    group="numbers",
    signature="value: text or number -> number",
    examples=(("number(' 12.50 ')", Decimal("12.50")), ("number('-3')", -3), ("number(null)", None)),
    function=number,
)
