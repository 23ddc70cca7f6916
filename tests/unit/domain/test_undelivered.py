"""What a refund credits of an order that was invoiced, cancelled or neither; minor units (case A3)."""

from __future__ import annotations

import pytest

from tieout.domain.undelivered import Standing, Verdict, verdict


@pytest.mark.parametrize(
    ("standing", "amount", "wanted"),
    [
        (Standing(2500, 2500, 2500, 1000, 0), 1000, Verdict(1000)),
        (Standing(2500, 2500, 0, 2500, 0), 2500, Verdict(0, 2500)),
        (Standing(2500, 2500, 0, 1000, 0), 1000, Verdict(0, 1000)),
        (Standing(2500, 0, 0, 2500, 0), 2500, Verdict(0)),
        (Standing(2500, 0, 0, 2500, 0), 1500, Verdict(0)),
        (Standing(2500, 1500, 0, 1000, 0), 1000, Verdict(0)),
        (Standing(2500, 1500, 0, 1500, 0), 1500, Verdict(0, 500)),
        (Standing(2500, 1500, 1500, 1500, 0), 1500, Verdict(500)),
        (Standing(2500, 1500, 1500, 1500, 0), 500, Verdict(500)),
        (Standing(2500, 2500, 1000, 1000, 0), 1000, Verdict(0, 1000)),
        (Standing(2500, 2503, 2503, 1000, 0), 1000, Verdict(1000)),
    ],
)
def test_what_a_refund_credits(standing: Standing, amount: int, wanted: Verdict) -> None:
    assert verdict(standing, amount) == wanted


def test_one_that_was_read_before_another_was_made_is_credited_in_full() -> None:
    assert verdict(Standing(2500, 2500, 2500, refunded=175, credited=50), 175) == Verdict(175)
