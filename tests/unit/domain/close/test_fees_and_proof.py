"""Effective rates against the period before, and the equation of a period's proof (accounting C3 I3 and I4, C9)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tieout.domain.close.fees import ALL_KINDS, TAX_KIND, fee_lines, percent
from tieout.domain.close.period_proof import PeriodProof, off_words
from tieout.domain.close.sections import equation
from tieout.domain.ledger.account import INPUT_TAX, PROCESSING, SOFTWARE

GOOD = PeriodProof("usd", 10_000, 142_290, 60_000, 92_290, 0, 92_290, 92_290, 0, 0, 14)


def test_fees_are_by_currency_and_kind_with_the_rate_of_the_period_before() -> None:
    now = {(PROCESSING, "usd"): 4_630, (SOFTWARE, "usd"): 640, (INPUT_TAX, "usd"): 128}
    lines = fee_lines(now, {"usd": 189_050}, {(PROCESSING, "usd"): 300}, {"usd": 10_000})
    by_kind = {one.kind: one for one in lines}
    assert list(by_kind) == ["Processing fees", "Stripe software fees", ALL_KINDS, TAX_KIND]
    whole = by_kind[ALL_KINDS]
    assert (whole.fees, whole.rate, whole.rate_before) == (5_270, Decimal("2.788"), Decimal("3.000"))
    assert by_kind[TAX_KIND].fees == 128


def test_without_anything_charged_there_is_no_rate() -> None:
    (line, whole) = fee_lines({(SOFTWARE, "jpy"): 90}, {}, {}, {})
    assert (line.currency, line.fees, line.rate, whole.rate) == ("jpy", 90, None, None)


def test_a_share_is_rounded_half_away_from_zero_to_a_thousandth() -> None:
    assert percent(1, 200_000) == Decimal("0.001")
    assert percent(-1, 200_000) == Decimal("-0.001")


def test_the_equation_of_a_proof_that_agrees() -> None:
    assert equation(GOOD) == (
        "USD: opening 100.00 + activity 1,422.90 − payouts 600.00 = closing 922.90 = Stripe's balance = ledger clearing, off by 0"
    )
    assert off_words([GOOD]) == "0"


def test_rows_since_and_what_waits_have_their_place_in_it() -> None:
    later = replace(GOOD, since=500, stripe=92_790, clearing=92_000, later=200, unposted=90)
    assert equation(later).endswith(
        "closing 922.90 (+ 5.00 since = Stripe's balance 927.90) = ledger clearing 920.00 + 2.00 booked later"
        " + 0.90 waiting to be posted, off by 0"
    )


def test_whatever_disagrees_by_one_minor_unit_shows() -> None:
    stripe, ledger = replace(GOOD, stripe=92_291), replace(GOOD, clearing=92_280)
    assert (stripe.off, ledger.off) == (-1, 10)
    assert "≠ Stripe's balance 922.91" in equation(stripe) and equation(stripe).endswith("off by −0.01")
    assert "≠ ledger clearing 922.80" in equation(ledger) and equation(ledger).endswith("off by 0.10")
    assert off_words([GOOD, stripe, replace(ledger, currency="jpy")]) == "−0.01 USD, 10 JPY"
