"""Reading what callers send: exact numbers, moments, yes and no; and writing exact numbers into JSON."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from simulators.p21.refusals import Refused

CENT = Decimal("0.01")
PLACES = {"6": Decimal("0.001")}  # Kuwaiti dinar
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?$")
_EXACT = "\x00"


def parse_json(body: bytes) -> Any:
    """JSON with every fraction as an exact Decimal; ValueError when it is none."""
    return json.loads(body or b"null", parse_float=Decimal)


def dump_json(value: object) -> bytes:
    """JSON in which a Decimal stands as the number it is, digit by digit."""
    text = json.dumps(value, default=lambda exact: f"{_EXACT}{plain(exact)}{_EXACT}")
    return text.replace('"\\u0000', "").replace('\\u0000"', "").encode()


def plain(amount: Decimal) -> str:
    """A Decimal without exponent."""
    return format(amount, "f")


def money(amount: Decimal, currency_id: object) -> Decimal:
    """Rounded half up to the places that currency has, two for most."""
    return amount.quantize(PLACES.get(str(currency_id), CENT), ROUND_HALF_UP)


def number(value: object, field: str) -> Decimal:
    """A number from JSON or text; Refused when it is none."""
    if not isinstance(value, bool) and isinstance(value, int | str | Decimal):
        try:
            found = Decimal(str(value).strip())
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite():
            return found
    raise Refused(f"{field}: {value!r} is not a number.", code="not_a_number", field=field, synthetic=True)


def whole(value: object, field: str) -> int:
    """A whole number; Refused when it is none."""
    return int(number(value, field))


def moment(value: object, field: str) -> str:
    """A date or time as ``YYYY-MM-DDTHH:MM:SS``; Refused when it is none."""
    found = _MOMENT.match(str(value))
    if not found:
        raise Refused(f"{field}: {value!r} is not a date.", code="not_a_date", field=field, synthetic=True)
    return f"{found[1]}T{found[2] or '00:00'}{found[3] or ':00'}"


def stamp(seconds: float) -> str:
    """Seconds since 1970 as ``YYYY-MM-DDTHH:MM:SS``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def yes(value: object) -> bool:
    """Whether a flag says yes: true, "true", "Y", "ON", 1."""
    return str(value).strip().lower() in ("true", "y", "yes", "on", "1")


def flag(value: object) -> str:
    """A flag as P21 keeps it: Y or N."""
    return "Y" if yes(value) else "N"


def text(value: object) -> str:
    """A value as text; nothing is the empty text."""
    return "" if value is None else str(value)
