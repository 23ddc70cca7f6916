"""What an amount is worth in the ledger's currency: the site's own daily rates, never Stripe's shown one (accounting C5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter

from tieout.domain.ledger.period import is_day
from tieout.kernel.money import CURRENCIES, exponent

AGE_DAYS_MAX = 10


class NoRate(ValueError):
    """There is no rate for a currency on or shortly before a day."""

    def __init__(self, currency: str, ledger_currency: str, day: str) -> None:
        super().__init__(
            f"no rate from {currency.upper()} to {ledger_currency.upper()} for {day} or the {AGE_DAYS_MAX} days before it"
        )
        self.currency, self.day = currency, day


@dataclass(frozen=True, slots=True)
class Rates:
    """Daily rates: units of the ledger's currency for one unit of another, by currency, oldest day first.

    ``fixed`` are rates whatever the day: those an entry was made with, to make it again.
    """

    ledger_currency: str
    by_currency: Mapping[str, Sequence[tuple[str, Decimal]]]
    fixed: Mapping[str, Decimal] = field(default_factory=dict)

    def value(self, amount: int, currency: str, day: str) -> int:
        """Minor units of the ledger's currency, halves away from zero; raises NoRate."""
        if currency == self.ledger_currency:
            return amount
        major = Decimal(amount).scaleb(-exponent(currency)) * self.rate(currency, day)
        minor = major.scaleb(exponent(self.ledger_currency))
        return int(minor.quantize(Decimal(1), ROUND_HALF_UP))

    def knows(self, currency: str, rate: Decimal) -> bool:
        """Whether that may be a rate of the currency: it was entered, or nothing was ever."""
        known = self.by_currency.get(currency, ())
        return not known or any(rate == one for _, one in known)

    def rate(self, currency: str, day: str) -> Decimal:
        """The rate of that day, or of the last day before it that has one; raises NoRate."""
        if currency in self.fixed:
            return self.fixed[currency]
        known = self.by_currency.get(currency, ())
        at = bisect_right(known, day, key=itemgetter(0))
        if at:
            found_day, rate = known[at - 1]
            if (date.fromisoformat(day) - date.fromisoformat(found_day)).days <= AGE_DAYS_MAX:
                return rate
        raise NoRate(currency, self.ledger_currency, day)


def parsed_rate(currency: str, ledger_currency: str, day: str, text: str) -> tuple[str, str, Decimal]:
    """A rate as it was entered; ValueError says what is wrong with it."""
    for code in (currency, ledger_currency):
        if code not in CURRENCIES:
            raise ValueError(f"rate of {code!r} on {day}: give a currency code such as eur")
    if not is_day(day):
        raise ValueError(f"rate of {currency} on {day!r}: give the day as YYYY-MM-DD")
    try:
        rate = Decimal(text)
    except ArithmeticError:
        raise ValueError(f"rate {text!r} of {currency} on {day} is not a number") from None
    if not (rate.is_finite() and Decimal("0.00000001") <= rate <= Decimal(100_000_000)):
        raise ValueError(
            f"rate {text!r} of {currency} on {day}: give units of {ledger_currency} for one unit of {currency}"
        )
    return currency, day, rate
