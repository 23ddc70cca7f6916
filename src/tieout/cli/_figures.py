"""Figures and words of the books as people read them: money with its currency, local times, verdicts, ages (console)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import MINUS, Money

FOREVER = 2**62  # later than any moment that is kept
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
STATES: Mapping[str, str] = {
    "": "not looked at yet",
    "waiting": "waits",
    "tied_out": "tied out",
    "broken": "broken",
    "accepted": "accepted",
    "due": "waits to be written",
    "written": "written",
}
STYLES: Mapping[str, str] = {
    "tied out": "green",
    "written": "green",
    "broken": "bold red",
    "waits": "yellow",
    "waits to be written": "yellow",
    "not looked at yet": "dim",
}


def figure(minor: int, currency: str) -> str:
    """An amount without its currency: 142290 usd is ``1,422.90``; below nothing it has a minus sign."""
    return f"{Money(currency, minor).decimal():,}".replace("-", MINUS)


def money(minor: int, currency: str) -> str:
    """An amount with its currency: ``1,422.90 USD``."""
    return str(Money(currency, minor))


def plain(minor: int, currency: str) -> str:
    """An amount for a spreadsheet: ``-1422.90``."""
    return str(Money(currency, minor).decimal())


def sums(found: Iterable[tuple[str, int]]) -> str:
    """Amounts (currency, minor units) added up by currency: ``12.40 USD, 3,000 JPY``."""
    total: dict[str, int] = {}
    for currency, minor in found:
        total[currency] = total.get(currency, 0) + minor
    return ", ".join(money(minor, currency) for currency, minor in sorted(total.items())) or "nothing"


def local(at: float, zone: ZoneInfo) -> str:
    """A moment (epoch seconds) in the company's time zone, to the minute."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def checked_day(text: str, name: str) -> str:
    """A day as it was typed, or an empty text. Failed(Fix) when there is no such day."""
    try:
        if text and not DAY.fullmatch(text):
            raise ValueError("not written as YYYY-MM-DD")
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        sentence = f"{name} {text!r} is no day. Write it as YYYY-MM-DD, such as 2026-09-30."
        raise Failed(Fix("cli.day", sentence, field=name, value=text)) from None


def midnight(day: str, zone: ZoneInfo) -> int:
    """When a day (YYYY-MM-DD) begins in the company's time zone, in epoch seconds."""
    return int(datetime.combine(date.fromisoformat(day), time.min, zone).timestamp())


def span(begins: str, ends: str, zone: ZoneInfo) -> tuple[int, int]:
    """Two days as they were typed, as moments: from the first one's beginning until before the day after the last."""
    first, last = checked_day(begins, "--from"), checked_day(ends, "--to")
    if first and last and first > last:
        raise Failed(
            Fix("cli.day", f"--from {first} is after --to {last}. Turn them round.", field="--from", value=first)
        )
    after = (date.fromisoformat(last) + timedelta(days=1)).isoformat() if last else ""
    return midnight(first, zone) if first else 0, midnight(after, zone) if after else FOREVER


def so_many(count: int, one: str, many: str = "") -> str:
    """``1 row``, ``1,204 rows``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def joined(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
