"""Posts the revaluation of foreign money at the end of a period, and its reversal on the next day (accounting C5)."""

from __future__ import annotations

from tieout.domain.close.figures import Figures
from tieout.domain.close.revaluation import Foreign, revaluation
from tieout.domain.close.span import day_after
from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.period import Booked, Calendar
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.operations.post_entries import post_entries
from tieout.queries.close import revaluations
from tieout.store import ledgers

ACTOR = "tieout"


def revalue_foreign(ports: Ports, figures: Figures) -> tuple[Foreign, ...]:
    """Post what the rate of the last day makes of foreign money; answers what was revalued, nothing when it is already.

    Failed(Fix) without a rate, before the last day is over, or when the period takes no entry any more.
    """
    if missing := next((one for one in figures.foreign if one.worth is None), None):
        sentence = f"{missing.why}. Enter the rate: tieout ledger rates"
        raise Failed(Fix("close.rate", sentence, field="rate", value=missing.currency))
    if figures.at < figures.ends_at:
        sentence = f"{figures.period.name} ends on {figures.period.ends}; revalue when that day is over."
        raise Failed(Fix("close.not_over", sentence, field="--period", value=figures.period.name))
    due = tuple(one for one in figures.foreign if one.difference)
    if due:
        _post(ports, figures, due)
    return due


def _post(ports: Ports, figures: Figures, due: tuple[Foreign, ...]) -> None:
    name, period = figures.connection, figures.period
    with ports.books.reading() as db:
        calendar = ledgers.calendar(db, figures.p21, name)
        before = {one: revaluations(db, name, period.name, one.account, one.currency) for one in due}
    _open_day(calendar, period.ends, "reject")
    back = _open_day(calendar, day_after(period.ends), "next_open")
    entries: list[Entry] = []
    for one in due:
        entries += revaluation(one, period.name, before[one] + 1, period.ends, back)
    post_entries(ports.books, name, entries, ACTOR, ports.clock())


def _open_day(calendar: Calendar, day: str, policy: str) -> str:
    booked = calendar.booked(day, policy)
    if isinstance(booked, Booked):
        return booked.day
    raise Failed(Fix(booked.code, booked.sentence, field="--period", value=day))
