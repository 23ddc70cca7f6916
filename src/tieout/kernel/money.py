"""Amounts of money: whole minor units with a currency, and Decimal only at the border.

The exponent of a currency is Stripe's, not ISO 4217's (Stripe B7): MGA is sent without decimals although ISO
gives it two, ISK and UGX are sent times 100 although they have no cents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
MINUS = "\N{MINUS SIGN}"
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
WHOLE_HUNDREDS = frozenset(("isk", "ugx"))
TWO_DECIMAL = frozenset(
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf cny cop"
    " crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs"
    " khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen"
    " pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std svc szl thb tjs top try ttd twd tzs uah"
    " ugx usd uyu uzs wst xcd xcg yer zar zmw".split()
)
CURRENCIES = ZERO_DECIMAL | THREE_DECIMAL | TWO_DECIMAL


def exponent(currency: str) -> int:
    """How many decimals Stripe's minor unit of ``currency`` stands for; ValueError for a code Stripe does not take."""
    code = currency.lower()
    if code in ZERO_DECIMAL:
        return 0
    if code in THREE_DECIMAL:
        return 3
    if code in TWO_DECIMAL:
        return 2
    raise ValueError(f"currency {currency!r} is not one that Stripe uses; expected an ISO code such as 'usd'")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """``minor`` whole minor units of ``currency`` (lower-case ISO code, as Stripe writes it)."""

    currency: str
    minor: int

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, got {self.minor!r}")
        exponent(self.currency)

    @classmethod
    def of_decimal(cls, amount: Decimal, currency: str) -> Money:
        """The exact amount; ValueError when it has more decimals than the currency has."""
        minor = amount.scaleb(exponent(currency))
        if minor != minor.to_integral_value():
            raise ValueError(f"{amount} {currency.upper()} is finer than the currency's smallest unit")
        return cls(currency.lower(), int(minor))

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Money:
        """The nearest amount, halves away from zero: for figures that were computed, never for figures received."""
        minor = amount.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return cls(currency.lower(), int(minor))

    def decimal(self) -> Decimal:
        """The amount in major units with exactly the currency's decimals: 1250 usd is 12.50."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.currency, self.minor + self._same(other).minor)

    def __sub__(self, other: Money) -> Money:
        return Money(self.currency, self.minor - self._same(other).minor)

    def __neg__(self) -> Money:
        return Money(self.currency, -self.minor)

    def __str__(self) -> str:
        """As people read it, everywhere alike: ``1,043.92 USD``; below nothing it has a minus sign."""
        return f"{self.decimal():,} {self.currency.upper()}".replace("-", MINUS)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency.upper()} and {other.currency.upper()}")
        return other


def misfit(amount: Money) -> str:
    """Why Stripe would not have sent this amount, or an empty text (Stripe B7: three-decimal and odd currencies)."""
    if amount.currency in THREE_DECIMAL and amount.minor % 10:
        return f"{amount.currency.upper()} amounts end in 0 at Stripe, got {amount.minor}"
    if amount.currency in WHOLE_HUNDREDS and amount.minor % 100:
        return f"{amount.currency.upper()} amounts are whole hundreds at Stripe, got {amount.minor}"
    return ""


def share_out(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split ``total`` minor units in proportion to ``weights``, largest remainders first; the parts sum to the total."""
    whole = sum(weights)
    if not weights or whole <= 0 or min(weights) < 0:
        raise ValueError(f"weights must be non-negative and not all zero, got {list(weights)}")
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return tuple(parts)
