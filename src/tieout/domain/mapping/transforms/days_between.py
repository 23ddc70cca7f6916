"""How many days from one date to another."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._moments import day
from tieout.domain.mapping.transforms._transform import Transform


def days_between(start: str, end: str) -> Decimal:
    """Whole days; negative when ``end`` is earlier."""
    return Decimal((day(end) - day(start)).days)


TRANSFORM = Transform(
    name="days_between",
    title="Whole days from the first date to the second; negative when the second is earlier",
    group="dates",
    signature="start: text, end: text -> number",
    examples=(("days_between('2024-02-28', '2024-03-01')", 2), ("days_between('2024-01-02', '2024-01-01')", -1)),
    function=days_between,
)
