"""Where an entry that is no row of Stripe's stands when the period of its day is closed (accounting C4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.period import Booked, Calendar, Refused, late_words


def standing(entry: Entry, calendar: Calendar, closed_period: str) -> Entry | Refused:
    """The entry on a day that is open, with its true day in the memo; or why it may stand nowhere by itself.

    ``closed_period`` is the policy: ``reject``, ``next_open`` or ``approver``.
    """
    booked = calendar.booked(entry.day, closed_period)
    if isinstance(booked, Refused):
        return booked
    return replace(entry, booked=booked.day, memo=f"{entry.memo}{late_words(entry.day, booked.day)}")


def takes_corrections(calendar: Calendar, day: str, approved: Collection[str]) -> bool:
    """Whether the period of a day still takes entries, and is none that was ``approved`` (names, such as 2026-10)."""
    return calendar.name_of(day) not in approved and isinstance(calendar.booked(day, "reject"), Booked)


def correcting(
    calendar: Calendar, wrong: str, today: str, closed_period: str, approved: Collection[str]
) -> tuple[str, str] | Refused:
    """The day of a correction, and where it stands: where that stands which is wrong, while its period takes corrections.

    So a month that is not closed is right when it closes. Afterwards it is a correction of today, by the policy.
    """
    if takes_corrections(calendar, wrong, approved):
        return wrong, wrong
    booked = calendar.booked(today, closed_period)
    return booked if isinstance(booked, Refused) else (today, booked.day)
