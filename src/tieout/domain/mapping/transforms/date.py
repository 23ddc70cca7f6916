"""A moment as text by a format, in a time zone."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._moments import instant, written, zone_named
from tieout.domain.mapping.transforms._transform import Transform

FORMAT_CHARACTERS_MAX = 60


def date(value: Decimal | str, form: str | None, zone: str | None) -> str:
    """Epoch seconds or ISO text to a text of yyyy MM dd HH mm ss, in ``zone`` (UTC when not given)."""
    if form is not None and len(form) > FORMAT_CHARACTERS_MAX:
        raise Refused(f"a date format has at most {FORMAT_CHARACTERS_MAX} characters")
    moment = instant(value, zone_named("UTC" if zone is None else zone))
    return written(moment, "yyyy-MM-dd" if form is None else form)


TRANSFORM = Transform(
    name="date",
    title="Epoch seconds or ISO text to a date text in a time zone; yyyy MM dd HH mm ss are replaced, signs are kept",
    group="dates",
    signature="value: number or text, format: text?, zone: text? -> text",
    examples=(
        ("date(1700000000)", "2023-11-14"),
        ("1700000000 | date('yyyy-MM-ddTHH:mm:ss', 'America/New_York')", "2023-11-14T17:13:20"),
        ("date('2024-03-01T02:00:00Z', 'MM/dd/yyyy', 'America/Chicago')", "02/29/2024"),
        ("date('2024-03-01', 'yyyyMMdd')", "20240301"),
    ),
    function=date,
)
