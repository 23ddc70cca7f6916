"""What Stripe costs: fees by currency and kind against what was charged, beside the period before (accounting C9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tieout.domain.ledger.account import (
    ACCOUNTS,
    DISPUTE_FEES,
    FX_FEES,
    INPUT_TAX,
    INSTANT,
    NETWORK,
    PROCESSING,
    SOFTWARE,
)

FEE_ACCOUNTS = (PROCESSING, NETWORK, FX_FEES, DISPUTE_FEES, INSTANT, SOFTWARE)
ALL_KINDS = "All fees"
TAX_KIND = "Tax on fees (no part of the rate)"
Moved = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One kind of fee in one currency: minor units now and in the period before, with what was charged in each."""

    currency: str
    kind: str
    fees: int
    volume: int
    fees_before: int
    volume_before: int

    @property
    def rate(self) -> Decimal | None:
        """Percent of what was charged, to a thousandth; None when nothing was."""
        return percent(self.fees, self.volume)

    @property
    def rate_before(self) -> Decimal | None:
        """The same of the period before."""
        return percent(self.fees_before, self.volume_before)


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent, to a thousandth, halves away from zero; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.001"), ROUND_HALF_UP)


def fee_lines(
    moved: Moved, volumes: Mapping[str, int], moved_before: Moved, volumes_before: Mapping[str, int]
) -> tuple[FeeLine, ...]:
    """Lines by currency and kind, then all fees, then their tax. ``moved`` is by (account, currency), volumes by currency."""
    found = []
    for currency in sorted({*(one for _, one in (*moved, *moved_before)), *volumes}):
        volume, past = volumes.get(currency, 0), volumes_before.get(currency, 0)
        sums = {name: (moved.get((name, currency), 0), moved_before.get((name, currency), 0)) for name in FEE_ACCOUNTS}
        for name, (now, then) in sums.items():
            if now or then:
                found.append(FeeLine(currency, ACCOUNTS[name].title, now, volume, then, past))
        whole = FeeLine(
            currency, ALL_KINDS, sum(now for now, _ in sums.values()), volume, sum(then for _, then in sums.values()), past
        )  # fmt: skip
        if whole.fees or whole.fees_before or volume or past:
            found.append(whole)
        now, then = moved.get((INPUT_TAX, currency), 0), moved_before.get((INPUT_TAX, currency), 0)
        if now or then:
            found.append(FeeLine(currency, TAX_KIND, now, volume, then, past))
    return tuple(found)
