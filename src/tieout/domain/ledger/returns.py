"""A payout that came back at another rate than it left: what is left in transit is FX, with no amount of its own (C5)."""

from __future__ import annotations

from tieout.domain.ledger.account import FX, TRANSIT
from tieout.domain.ledger.entry import Entry, Leg, Line

KIND = "payout_fx"


def return_fx(payout: str, left: Entry, came_back: Entry) -> Entry | None:
    """The entry that brings transit to nothing in the ledger's currency; None when both rows were worth the same."""
    value = sum(line.value for entry in (left, came_back) for line in entry.lines() if line.account == TRANSIT)
    if not value:
        return None
    return Entry(
        source=f"{payout}:fx",
        kind=KIND,
        day=came_back.day,
        booked=came_back.booked,
        currency=came_back.currency,
        ledger_currency=came_back.ledger_currency,
        legs=(Leg("fx", (Line(FX, 0, value), Line(TRANSIT, 0, -value))),),
        subject=payout,
        memo=f"Payout {payout} came back at another rate",
    )
