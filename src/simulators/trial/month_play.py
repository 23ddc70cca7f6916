"""Plays the month in the pretend account: some of everything that can happen to money, and ordinary sales besides."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

from simulators.trial import month_after, month_bills, month_money, month_sales, workload
from simulators.trial.month_after import Sequel
from simulators.trial.month_calendar import Diary, PastClock
from simulators.trial.month_sales import HOLIDAY, Month, Seller
from simulators.trial.pretend import PretendSystems

EARLY_DAYS = 20  # what takes its time begins before
OPENS, CLOSES = 13.0, 23.5
BILLS_SHARE = 0.002
LATE_SHARE = 0.05  # of the charges are so new that no payout has them yet

SPECIAL: tuple[tuple[Seller, float], ...] = (
    (month_sales.odd_fees, 0.02), (month_sales.converted, 0.01), (month_sales.captured_in_part, 0.01),
    (month_sales.bank_debit, 0.02), (month_sales.bank_debit_failed, 0.002), (month_sales.bank_debit_bounced, 0.002),
    (month_sales.unusual(workload.direct_invoice), 0.01), (month_sales.unusual(workload.ambiguous), 0.004),
    (month_sales.unusual(workload.unknown_item), 0.004), (month_sales.unusual(workload.refused), 0.004),
    (month_sales.unusual(workload.unmapped_currency), 0.002),
)  # fmt: skip


def play(systems: PretendSystems, clock: PastClock, seed: int, charges: int) -> Month:
    """Let the month happen, with about so many charges; when it is over the clock shows the real time."""
    month = Month(systems, random.Random(f"month {seed}"), Diary(clock))
    month_sales.open_accounts(month)
    month_money.plan(month)
    _plan_bills(month, charges)
    _plan_sales(month, charges)
    month.diary.play()
    clock.release()
    return month


def _plan_sales(month: Month, charges: int) -> None:
    special = [seller for seller, share in SPECIAL for _ in range(_so_many(share, charges))]
    sequels = [sequel for sequel, share in month_after.SEQUELS for _ in range(_so_many(share, charges))]
    month.diary.on(HOLIDAY[0] - 3, OPENS, lambda: month_sales.dinars_before_the_holiday(month))
    late = _so_many(LATE_SHARE, charges)
    for _ in range(late):
        month.diary.lately(partial(month_sales.everyday, month))
    for seller in special:
        month.diary.on(month.dice.randrange(EARLY_DAYS), _hour(month), partial(seller, month))
    for sequel in sequels:
        month.diary.on(month.dice.randrange(EARLY_DAYS), _hour(month), partial(_followed, month, sequel))
    for _ in range(max(0, charges - len(special) - len(sequels) - late - 1)):
        month.diary.on(month.dice.randrange(month.diary.days), _hour(month), partial(month_sales.everyday, month))


def _followed(month: Month, sequel: Sequel) -> None:
    sequel(month, month_sales.everyday(month))


def _plan_bills(month: Month, charges: int) -> None:
    for bill in _every(charges):
        month.diary.on(month.dice.randrange(EARLY_DAYS), _hour(month), partial(bill, month))


def _every(charges: int) -> Iterator[month_bills.Bill]:
    for bill in month_bills.BILLS:
        yield from [bill] * _so_many(BILLS_SHARE, charges)


def _so_many(share: float, charges: int) -> int:
    return max(1, round(share * charges))


def _hour(month: Month) -> float:
    return month.dice.uniform(OPENS, CLOSES)
