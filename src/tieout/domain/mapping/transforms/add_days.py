"""A date so many days later."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._arguments import whole
from tieout.domain.mapping.transforms._moments import day
from tieout.domain.mapping.transforms._transform import Transform


def add_days(value: str, days: Decimal) -> str:
    """'yyyy-MM-dd' moved by whole days, negative ones back."""
    try:
        return (day(value) + timedelta(days=whole(days, "days", -100_000, 100_000))).isoformat()
    except OverflowError:
        raise Refused("the date is outside the years 1 to 9999") from None


TRANSFORM = Transform(
    name="add_days",
    title="The date so many days later, or earlier for a negative number",
    group="dates",
    signature="date: text, days: number -> text",
    examples=(
        ("add_days('2024-02-28', 2)", "2024-03-01"),
        ("1700000000 | date | add_days(30)", "2023-12-14"),
        ("add_days('2024-01-01', -1)", "2023-12-31"),
    ),
    function=add_days,
)
