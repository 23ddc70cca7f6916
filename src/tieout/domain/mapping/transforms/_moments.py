"""Moments and days: what is read as one, and how it is written by a fixed table of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from tieout.domain.mapping.errors import Refused, shortened, suggestion

DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:[.,][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
FORMAT: Final = re.compile(r"[A-Za-z]+|[^A-Za-z]+")
TOKENS: Final = ("yyyy", "MM", "dd", "HH", "mm", "ss")
LITERAL: Final = "T"
SECONDS_MIN, SECONDS_MAX = -62_135_510_400, 253_402_214_400
MOMENT_CHARACTERS_MAX = 40
EXPECTED: Final = "expected epoch seconds, 'yyyy-MM-dd' or 'yyyy-MM-ddTHH:mm:ssZ'"


def instant(value: Decimal | str, zone: ZoneInfo) -> datetime:
    """The moment in ``zone``. A text without an offset, or a mere day, is taken as the time on the clocks there."""
    if isinstance(value, Decimal):
        return _of_seconds(value).astimezone(zone)
    if len(value) <= MOMENT_CHARACTERS_MAX and DAY.fullmatch(value.strip()):
        found = day(value)
        return datetime(found.year, found.month, found.day, tzinfo=zone)
    return _of_text(value.strip(), zone)


def day(value: str) -> date:
    """The day that begins the text 'yyyy-MM-dd…'; Refused when there is none."""
    text = value[:MOMENT_CHARACTERS_MAX].strip()
    parts = DAY.match(text)
    try:
        if parts and (parts.end() == len(text) or MOMENT.fullmatch(text)):
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        pass
    raise Refused(f"{shortened(value)} is not a date", "expected 'yyyy-MM-dd'")


def zone_named(name: str) -> ZoneInfo:
    """The time zone; Refused with a suggestion when the name is not in the list of zones (no path is ever opened)."""
    if name not in _zones():
        raise Refused(
            f"unknown time zone {shortened(name)}", suggestion(name, _zones()) or "for example 'America/New_York'"
        )
    return ZoneInfo(name)


def written(moment: datetime, form: str) -> str:
    """The moment by a format of yyyy MM dd HH mm ss, T, digits and signs; Refused for any other letters."""
    values = (
        f"{moment.year:04}",
        f"{moment.month:02}",
        f"{moment.day:02}",
        f"{moment.hour:02}",
        f"{moment.minute:02}",
        f"{moment.second:02}",
    )
    table = dict(zip(TOKENS, values, strict=True))
    return "".join(table.get(token, token) for token in _tokens(form))


def _tokens(form: str) -> Iterator[str]:
    for piece in FORMAT.findall(form):
        rest = piece if piece[0].isascii() and piece[0].isalpha() else ""
        if not rest:
            yield piece
        while rest:
            token = next((one for one in (*TOKENS, LITERAL) if rest.startswith(one)), None)
            if token is None:
                raise Refused(
                    f"unknown date format {shortened(rest)}", "use yyyy MM dd HH mm ss and signs between them"
                )
            yield token
            rest = rest[len(token) :]


def _of_seconds(seconds: Decimal) -> datetime:
    if not SECONDS_MIN <= seconds <= SECONDS_MAX:
        raise Refused("the date is outside the years 1 to 9999", EXPECTED)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds.to_integral_value("ROUND_FLOOR")))


def _of_text(text: str, zone: ZoneInfo) -> datetime:
    parts = MOMENT.fullmatch(text) if len(text) <= MOMENT_CHARACTERS_MAX else None
    if parts is None:
        raise Refused(f"{shortened(text)} is not a date", EXPECTED)
    try:
        offset = "+00:00" if parts[4] == "Z" else parts[4] or ""
        moment = datetime.fromisoformat(f"{parts[1]}T{parts[2]}{parts[3] or ':00'}{offset}")
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        raise Refused(f"{shortened(text)} is not a date", EXPECTED) from None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
