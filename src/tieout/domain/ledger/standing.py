"""Where an entry that is no row of Stripe's stands when the period of its day is closed (accounting C4)."""

from __future__ import annotations

from dataclasses import replace

from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.period import Calendar, Refused, late_words


def standing(entry: Entry, calendar: Calendar, closed_period: str) -> Entry | Refused:
    """The entry on a day that is open, with its true day in the memo; or why it may stand nowhere by itself.

    ``closed_period`` is the policy: ``reject``, ``next_open`` or ``approver``.
    """
    booked = calendar.booked(entry.day, closed_period)
    if isinstance(booked, Refused):
        return booked
    return replace(entry, booked=booked.day, memo=f"{entry.memo}{late_words(entry.day, booked.day)}")
