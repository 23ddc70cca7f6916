"""Figures of a close as people read them: money with its currency, moments in the company's time, counts (console)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tieout.kernel.money import MINUS, Money

__all__ = ["MINUS", "counted", "moment", "shown", "sums"]


def shown(minor: int, currency: str) -> str:
    """``1,422.90 USD``; below nothing it has a minus sign."""
    return str(Money(currency, minor))


def sums(amounts: Iterable[tuple[str, int]]) -> str:
    """Amounts (currency, minor units) added up by currency; ``0`` when they come to nothing."""
    total: dict[str, int] = {}
    for currency, minor in amounts:
        total[currency] = total.get(currency, 0) + minor
    return ", ".join(shown(minor, currency) for currency, minor in sorted(total.items()) if minor) or "0"


def moment(at: float, zone: str) -> str:
    """A moment (epoch seconds) in a time zone, to the minute."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def counted(count: int, one: str, many: str = "") -> str:
    """``1 row``, ``1,204 rows``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
