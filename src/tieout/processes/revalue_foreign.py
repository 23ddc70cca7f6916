"""Posts the revaluation of foreign money at the end of a period, and its reversal on the next day (accounting C5)."""

from __future__ import annotations

from dataclasses import replace

from tieout.domain.close.figures import Figures
from tieout.domain.close.revaluation import Foreign, revaluation
from tieout.domain.close.span import day_after
from tieout.domain.ledger.period import Booked
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.operations.post_entries import post_entries
from tieout.store import ledgers

ACTOR = "tieout"


def revalue_foreign(ports: Ports, figures: Figures) -> tuple[Foreign, ...]:
    """Post what the rate of the last day makes of foreign money; answers what was revalued, nothing when it is already.

    Failed(Fix) without a rate, before the last day is over, or when that day or the next takes no entry any more.
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
    back = day_after(period.ends)
    days = (period.ends, back) if any(not one.final for one in due) else (period.ends,)
    for day in days:
        booked = calendar.booked(day, "reject")
        if not isinstance(booked, Booked):
            raise Failed(Fix(booked.code, _unbookable(booked.sentence, day, back), field="--period", value=day))
    entries = [entry for one in due for entry in revaluation(one, period.name, period.ends, back)]
    try:
        post_entries(ports.books, name, entries, ACTOR, ports.clock())
    except Failed as error:
        sentence = f"{period.name} was revalued by somebody else just now. Look again: tieout close revalue"
        raise Failed(replace(error.failure, sentence=sentence)) from None


def _unbookable(why: str, day: str, back: str) -> str:
    """A revaluation that is taken back later than on the next day would stand in a month that is closed."""
    return f"The revaluation is taken back on {back}, and that day takes no entry: {why}" if day == back else why
