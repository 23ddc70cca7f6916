"""Revalues foreign money at the end of a period, and takes it back on the next day (accounting C5, IAS 21.23)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tieout.domain.ledger.account import (
    ACCOUNTS,
    CLEARING,
    DISPUTES_RECEIVABLE,
    FX,
    ISSUING,
    PREFUNDING,
    RESERVES,
    TRANSIT,
)
from tieout.domain.ledger.entry import Entry, Leg, Line, reversal

KIND = "revaluation"
# Money that only rows of Stripe and lines of the bank move: it comes and goes at the rate of each day. What people settle in
# P21 too (receivables, customer credits, refunds that failed, loans, the bank) stands whole there alone, and is revalued there.
REVALUED = (CLEARING, TRANSIT, RESERVES, PREFUNDING, ISSUING, DISPUTES_RECEIVABLE)


@dataclass(frozen=True, slots=True)
class Foreign:
    """What stands on one account (``REVALUED``) in one foreign currency on a period's last day.

    ``amount`` in its minor units; ``booked`` (what the books have it at) and ``worth`` (at the rate of that day) in the
    ledger's. ``rate`` is None where nothing stands there; both are None when there is no rate: ``why`` says so. ``times``
    counts its revaluations for that period: after late rows there may be another.
    """

    account: str
    currency: str
    ledger_currency: str
    amount: int
    booked: int
    worth: int | None
    rate: Decimal | None = None
    why: str = ""
    times: int = 0

    @property
    def difference(self) -> int:
        """What the books must change by, in the ledger's minor units; 0 without a rate."""
        return 0 if self.worth is None else self.worth - self.booked

    @property
    def final(self) -> bool:
        """Whether the difference is made for good: nothing stands there any more, and nothing of it is taken back later.

        Transit is settled payout by payout.
        """
        return self.amount == 0 and self.times == 0 and self.account != TRANSIT


def revaluation(foreign: Foreign, period: str, ends: str, back: str) -> tuple[Entry, ...]:
    """The entry on the last day, with an amount of nothing and the difference as its value; and its reversal on ``back``.

    What is final is not taken back.
    """
    lines = (Line(foreign.account, 0, foreign.difference), Line(FX, 0, -foreign.difference))
    named = f"{ACCOUNTS[foreign.account].title} in {foreign.currency.upper()}"
    entry = Entry(
        source=f"{revalue_source(period, foreign.account, foreign.currency)}{foreign.times + 1}",
        kind=KIND,
        day=ends,
        booked=ends,
        currency=foreign.currency,
        ledger_currency=foreign.ledger_currency,
        legs=(Leg("revaluation", lines),),
        memo=f"{named} at the rate of {ends}: {foreign.rate}" if foreign.rate else f"{named}: what rates left behind",
        labels=(("category", KIND),),
    )
    return (entry,) if foreign.final else (entry, reversal(entry, 1, back, f"revalued for {period} only"))


def revalue_source(period: str, account: str, currency: str) -> str:
    """How the sources of the revaluations of an account begin."""
    return f"revalue:{period}:{account}:{currency}:"
