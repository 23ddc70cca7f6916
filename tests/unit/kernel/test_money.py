"""Money: Stripe's exponents (Stripe B7) beside the published ISO 4217 table, and arithmetic that never rounds by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from iso4217 import Currency

from tieout.kernel.money import CURRENCIES, Money, exponent, misfit, share_out

STRIPE_DIFFERS_FROM_ISO = {
    "isk": (2, 0),  # no cents any more, but sent times 100
    "ugx": (2, 0),  # the same
    "mga": (0, 2),  # five iraimbilanja to the ariary; Stripe takes whole ariary
}
NOT_IN_ISO_ANY_MORE = {"bgn", "ang", "hrk", "zmk", "std", "svc", "cuc"}


@pytest.mark.parametrize("code", sorted(CURRENCIES))
def test_exponent_is_the_published_one_unless_stripe_says_otherwise(code: str) -> None:
    published = {currency.code.lower(): currency.exponent for currency in Currency}
    if code in STRIPE_DIFFERS_FROM_ISO:
        assert (exponent(code), published[code]) == STRIPE_DIFFERS_FROM_ISO[code]
    elif code in published:
        assert exponent(code) == published[code]
    else:
        assert code in NOT_IN_ISO_ANY_MORE, f"{code} is in neither list"


@pytest.mark.parametrize(
    ("minor", "currency", "major"),
    [
        (1250, "usd", "12.50"),
        (1250, "jpy", "1250"),
        (12500, "kwd", "12.500"),
        (50000, "isk", "500.00"),
        (-5, "usd", "-0.05"),
    ],
)
def test_minor_units_and_major_amounts_are_the_same_money(minor: int, currency: str, major: str) -> None:
    assert str(Money(currency, minor).decimal()) == major
    assert Money.of_decimal(Decimal(major), currency) == Money(currency, minor)


def test_an_amount_finer_than_the_currency_is_refused_with_the_amount_in_the_sentence() -> None:
    with pytest.raises(ValueError, match=r"12\.505 USD is finer than the currency's smallest unit"):
        Money.of_decimal(Decimal("12.505"), "usd")
    assert Money.rounded(Decimal("12.505"), "usd").minor == 1251
    assert Money.rounded(Decimal("-12.505"), "usd").minor == -1251


def test_unknown_currencies_floats_and_mixtures_are_refused() -> None:
    with pytest.raises(ValueError, match="currency 'zzz' is not one that Stripe uses"):
        exponent("zzz")
    with pytest.raises(TypeError, match="minor units are whole numbers"):
        Money("usd", 12.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot mix USD and EUR"):
        Money("usd", 1) + Money("eur", 1)


def test_amounts_that_stripe_would_not_send_are_named() -> None:
    assert misfit(Money("kwd", 1234)) == "KWD amounts end in 0 at Stripe, got 1234"
    assert misfit(Money("ugx", 150)) == "UGX amounts are whole hundreds at Stripe, got 150"
    assert misfit(Money("kwd", 1230)) == misfit(Money("ugx", 200)) == misfit(Money("usd", 1)) == ""


def test_shares_refuse_weights_that_mean_nothing() -> None:
    for weights in ([], [0, 0], [1, -1]):
        with pytest.raises(ValueError, match="weights must be non-negative"):
            share_out(100, weights)
