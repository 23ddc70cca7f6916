"""Revalues foreign clearing at the end of a period, and takes it back on the next day (accounting C5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tieout.domain.ledger.account import CLEARING, FX
from tieout.domain.ledger.entry import Entry, Leg, Line, reversal

KIND = "revaluation"


@dataclass(frozen=True, slots=True)
class Foreign:
    """What stands on clearing in one foreign currency on a period's last day.

    ``amount`` in its minor units; ``booked`` (what the books have it at) and ``worth`` (at the rate of that day) in the
    ledger's. ``rate`` and ``worth`` are None when there is no rate: ``why`` says so.
    """

    currency: str
    ledger_currency: str
    amount: int
    booked: int
    worth: int | None
    rate: Decimal | None = None
    why: str = ""

    @property
    def difference(self) -> int:
        """What the books must change by, in the ledger's minor units; 0 without a rate."""
        return 0 if self.worth is None else self.worth - self.booked


def revaluation(foreign: Foreign, period: str, number: int, ends: str, back: str) -> tuple[Entry, Entry]:
    """The entry on the last day, with an amount of nothing and the difference as its value; and its reversal on ``back``.

    ``number`` counts the revaluations of that period and currency: after late rows there may be another.
    """
    lines = (Line(CLEARING, 0, foreign.difference), Line(FX, 0, -foreign.difference))
    entry = Entry(
        source=f"revalue:{period}:{foreign.currency}:{number}",
        kind=KIND,
        day=ends,
        booked=ends,
        currency=foreign.currency,
        ledger_currency=foreign.ledger_currency,
        legs=(Leg("revaluation", lines),),
        memo=f"Stripe clearing in {foreign.currency.upper()} at the rate of {ends}: {foreign.rate}",
        labels=(("category", KIND),),
    )
    return entry, reversal(entry, 1, back, f"revalued for {period} only")
