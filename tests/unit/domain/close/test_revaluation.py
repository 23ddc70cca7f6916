"""The revaluation moves no amount, the difference in value, and is taken back on the next day (accounting C5)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tieout.domain.close.revaluation import Foreign, revaluation
from tieout.domain.ledger.account import CLEARING, FX, TRANSIT
from tieout.domain.ledger.journal import carried

EUR = Foreign(CLEARING, "eur", "usd", 10_000, 10_800, 11_000, Decimal("1.10"))


def test_it_moves_value_alone_and_comes_back() -> None:
    entry, back = revaluation(EUR, "2026-10", "2026-10-31", "2026-11-01")
    assert (entry.source, back.source) == (
        "revalue:2026-10:stripe_clearing:eur:1",
        "revalue:2026-10:stripe_clearing:eur:1:rev:1",
    )
    assert (entry.booked, back.booked) == ("2026-10-31", "2026-11-01")
    assert {(one.account, one.amount, one.value) for one in entry.lines()} == {(CLEARING, 0, 200), (FX, 0, -200)}
    assert {(one.account, one.amount, one.value) for one in back.lines()} == {(CLEARING, 0, -200), (FX, 0, 200)}
    assert carried(entry), "P21 gets it, though it moves no euro"


def test_without_a_rate_there_is_nothing_to_post() -> None:
    assert Foreign(CLEARING, "eur", "usd", 10_000, 10_800, None).difference == 0


def test_what_rates_left_on_an_empty_account_is_fx_for_good_and_transit_settles_its_own() -> None:
    (entry,) = revaluation(replace(EUR, amount=0, worth=0, rate=None), "2026-10", "2026-10-31", "2026-11-01")
    assert entry.source == "revalue:2026-10:stripe_clearing:eur:1"
    assert {(one.account, one.amount, one.value) for one in entry.lines()} == {(CLEARING, 0, -10_800), (FX, 0, 10_800)}
    on_its_way = replace(EUR, account=TRANSIT, amount=0, worth=0, rate=None)
    assert len(revaluation(on_its_way, "2026-10", "2026-10-31", "2026-11-01")) == 2
    later = replace(EUR, amount=0, worth=0, rate=None, times=1)
    assert len(revaluation(later, "2026-10", "2026-10-31", "2026-11-01")) == 2, (
        "the first is taken back on that day too"
    )
