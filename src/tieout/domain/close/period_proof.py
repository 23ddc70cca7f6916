"""The proof of one period: opening + activity - payouts = closing = the ledger's clearing, and on to Stripe's balance (C3 I3, I4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tieout.kernel.money import Money


@dataclass(frozen=True, slots=True)
class PeriodProof:
    """One currency, in its minor units, at the end of the period's last day.

    ``since`` are the rows after it and ``stripe`` is the balance that Stripe shows now. ``clearing`` is what the entries
    that stand until that day make of the clearing account; ``later`` are rows of these days whose entries stand in a later
    period (C4), ``unposted`` rows that wait for a person. ``rows`` counts those of the period.
    """

    currency: str
    opening: int
    activity: int
    payouts: int
    closing: int
    since: int
    stripe: int
    clearing: int
    later: int
    unposted: int
    rows: int

    @property
    def off(self) -> int:
        """The larger of the two disagreements; 0 when rows, Stripe and the ledger agree."""
        return max(self.off_stripe, self.off_ledger, key=abs)

    @property
    def off_stripe(self) -> int:
        """What Stripe's balance now and the rows are apart."""
        return self.closing + self.since - self.stripe

    @property
    def off_ledger(self) -> int:
        """What the clearing account and the rows are apart."""
        return self.closing - self.clearing - self.later - self.unposted

    @property
    def steady(self) -> int:
        """Zero when the period itself adds up; what happens after it has no part in this."""
        return self.opening + self.activity - self.payouts - self.closing


def off_words(proofs: Iterable[PeriodProof]) -> str:
    """``0``, or what each currency is off by: ``12.00 USD, -3 JPY``."""
    return ", ".join(str(Money(one.currency, one.off)) for one in proofs if one.off) or "0"
