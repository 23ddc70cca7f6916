"""Revalues foreign money at the end of a period, and takes it back on the next day (accounting C5, IAS 21.23)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tieout.domain.ledger.account import (
    ACCOUNTS,
    CLEARING,
    CONNECTED,
    DISPUTES_RECEIVABLE,
    FX,
    ISSUING,
    LOAN,
    PREFUNDING,
    REFUNDS_PAYABLE,
    RESERVES,
    TAX_SET_ASIDE,
    TRANSIT,
    UNCLAIMED,
)
from tieout.domain.ledger.entry import Entry, Leg, Line, reversal

KIND = "revaluation"
# Money at Stripe, on its way, or owed through it: it comes and goes at the rate of each day. Receivables, customer credits and
# the bank P21 revalues itself, where all of them stand; taxes, deposits and what nobody knows yet keep the rate of their day.
REVALUED = (
    CLEARING, TRANSIT, RESERVES, PREFUNDING, TAX_SET_ASIDE, ISSUING, DISPUTES_RECEIVABLE, REFUNDS_PAYABLE, UNCLAIMED,
    LOAN, CONNECTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Foreign:
    """What stands on one account (``REVALUED``) in one foreign currency on a period's last day.

    ``amount`` in its minor units; ``booked`` (what the books have it at) and ``worth`` (at the rate of that day) in the
    ledger's. ``rate`` and ``worth`` are None when there is no rate: ``why`` says so.
    """

    account: str
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

    ``number`` counts the revaluations of that period, account and currency: after late rows there may be another.
    """
    lines = (Line(foreign.account, 0, foreign.difference), Line(FX, 0, -foreign.difference))
    entry = Entry(
        source=f"{revalue_source(period, foreign.account, foreign.currency)}{number}",
        kind=KIND,
        day=ends,
        booked=ends,
        currency=foreign.currency,
        ledger_currency=foreign.ledger_currency,
        legs=(Leg("revaluation", lines),),
        memo=f"{ACCOUNTS[foreign.account].title} in {foreign.currency.upper()} at the rate of {ends}: {foreign.rate}",
        labels=(("category", KIND),),
    )
    return entry, reversal(entry, 1, back, f"revalued for {period} only")


def revalue_source(period: str, account: str, currency: str) -> str:
    """How the sources of the revaluations of an account begin."""
    return f"revalue:{period}:{account}:{currency}:"
