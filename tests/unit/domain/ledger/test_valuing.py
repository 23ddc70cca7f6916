"""What an amount is worth in the ledger's currency, by the site's own rates (accounting C5)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tieout.domain.ledger.valuing import NoRate, Rates, parsed_rate

RATES = Rates(
    "usd",
    {
        "eur": [("2026-11-01", Decimal("1.10")), ("2026-11-05", Decimal("1.20"))],
        "jpy": [("2026-11-01", Decimal("0.0067"))],
        "kwd": [("2026-11-01", Decimal("3.25"))],
    },
)


@pytest.mark.parametrize(
    ("amount", "currency", "worth"),
    [
        (10_000, "usd", 10_000),
        (10_000, "eur", 11_000),
        (1_000, "jpy", 670),  # JPY 1,000 has no decimals
        (1_000, "kwd", 325),  # KWD 1.000 has three
        (75, "jpy", 50),  # 50.25 cents
        (-75, "jpy", -50),
        (5, "eur", 6),  # 5.5 cents: halves go away from zero
        (-5, "eur", -6),
        (0, "eur", 0),
    ],
)
def test_an_amount_is_worth(amount: int, currency: str, worth: int) -> None:
    assert RATES.value(amount, currency, "2026-11-02") == worth


def test_into_a_currency_without_decimals_or_with_three() -> None:
    assert Rates("jpy", {"usd": [("2026-11-01", Decimal("150.5"))]}).value(199, "usd", "2026-11-02") == 299
    assert Rates("kwd", {"usd": [("2026-11-01", Decimal("0.307"))]}).value(10_000, "usd", "2026-11-02") == 30_700


def test_the_rate_is_that_of_the_day_or_of_the_last_day_before_it() -> None:
    assert [RATES.rate("eur", f"2026-11-{day:02}") for day in (1, 4, 5, 15)] == [
        Decimal("1.10"), Decimal("1.10"), Decimal("1.20"), Decimal("1.20"),
    ]  # fmt: skip


@pytest.mark.parametrize(("currency", "day"), [("eur", "2026-11-16"), ("eur", "2026-10-31"), ("gbp", "2026-11-02")])
def test_a_rate_too_old_or_none_is_no_rate(currency: str, day: str) -> None:
    with pytest.raises(NoRate, match=f"no rate from {currency.upper()} to USD for {day} or the 10 days before it"):
        RATES.value(100, currency, day)


def test_a_rate_is_taken_as_it_was_entered() -> None:
    assert parsed_rate("eur", "usd", "2026-11-02", "1.10") == ("eur", "2026-11-02", Decimal("1.10"))


@pytest.mark.parametrize(
    ("currency", "day", "text", "words"),
    [
        ("zzz", "2026-11-02", "1", "'zzz'.*give a currency code"),
        ("EUR", "2026-11-02", "1", "'EUR'.*give a currency code"),
        ("eur", "20261102", "1", "'20261102': give the day as YYYY-MM-DD"),
        ("eur", "2026-11-31", "1", "'2026-11-31': give the day as YYYY-MM-DD"),
        ("eur", "2026-11-02", "1,10", "'1,10' of eur on 2026-11-02 is not a number"),
        ("eur", "2026-11-02", "0", "give units of usd for one unit of eur"),
        ("eur", "2026-11-02", "-1", "give units of usd for one unit of eur"),
        ("eur", "2026-11-02", "NaN", "give units of usd for one unit of eur"),
        ("eur", "2026-11-02", "Infinity", "give units of usd for one unit of eur"),
    ],
)
def test_what_is_wrong_with_a_rate_is_said(currency: str, day: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parsed_rate(currency, "usd", day, text)
