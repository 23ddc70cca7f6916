"""What is left in transit of a payout without an amount: a difference of rates, or of roundings. It is FX (C5)."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.ledger.account import FX, TRANSIT
from tieout.domain.ledger.entry import Entry, Leg, Line

KIND = "payout_fx"


def transit_fx(payout: str, entries: Sequence[Entry], number: int) -> Entry | None:
    """The entry that brings transit to nothing in the ledger's currency; ``number`` counts those of one payout.

    ``entries`` are all that moved transit for it. None while an amount is still on its way, or when no value is left.
    """
    lines = [line for entry in entries for line in entry.lines() if line.account == TRANSIT]
    amount, value = sum(line.amount for line in lines), sum(line.value for line in lines)
    if amount or not value:
        return None
    last = max(entries, key=lambda entry: (entry.booked, entry.source))
    return Entry(
        source=fx_source(payout, number),
        kind=KIND,
        day=last.booked,
        booked=last.booked,
        currency=last.currency,
        ledger_currency=last.ledger_currency,
        legs=(Leg("fx", (Line(FX, 0, value), Line(TRANSIT, 0, -value))),),
        subject=payout,
        memo=f"Payout {payout}: what rates and roundings left in transit",
    )


def fx_source(payout: str, number: int) -> str:
    """What such an entry is posted for."""
    return f"{payout}:fx" if number == 1 else f"{payout}:fx:{number}"
