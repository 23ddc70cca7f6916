"""Rules of the books that decide on money and that nothing else looks at: each of these fails when its rule is broken."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.domain.ledger.rows import NOON, row
from tieout.domain.ledger.account import (
    BANK,
    CLEARING,
    DISPUTE_LOSSES,
    DISPUTES_RECEIVABLE,
    FREIGHT,
    FX,
    RECEIVABLE,
    RECOVERIES,
    SALES,
    SALES_TAX,
    TRANSIT,
)
from tieout.domain.ledger.balance_change import Origin
from tieout.domain.ledger.balances import DaySum, Roll, off_balance, roll_forward
from tieout.domain.ledger.disputes import outcome_entry
from tieout.domain.ledger.documents import Document, document_entry
from tieout.domain.ledger.entry import Entry, Leg, Line, pair
from tieout.domain.ledger.period import Calendar, Period, Refused
from tieout.domain.ledger.policy import Policy
from tieout.domain.ledger.posting import Book, Posted, post
from tieout.domain.ledger.standing import correcting, standing, takes_corrections
from tieout.domain.ledger.transit import transit_fx
from tieout.domain.ledger.valuing import NoRate, Rates

EURO = Rates("usd", {"eur": [("2026-11-01", Decimal("1.0777")), ("2026-11-04", Decimal("1.2000"))]})
BOOK = Book(Policy(), EURO, Calendar())
CLOSED = Calendar([
    Period(2026, 10, "2026-10-01", "2026-10-31", closed=True), Period(2026, 11, "2026-11-01", "2026-11-30"),
])  # fmt: skip


def valued(**parts: int) -> dict[str, tuple[int, int]]:
    entry = document_entry(Document("invoice", "document:T", "in_1", "2026-11-02", "eur", parts), BOOK)
    return {line.account: (line.amount, line.value) for line in entry.lines()}


# -- valuing in another currency


def test_a_document_in_euro_is_worth_the_same_on_both_sides_and_shared_out_by_part() -> None:
    found = valued(net=3_333, freight=3_333, tax=3_334, total=10_000)
    assert found[RECEIVABLE] == (10_000, 10_777)
    assert {name: found[name] for name in (SALES, FREIGHT, SALES_TAX)} == {
        SALES: (-3_333, -3_592), FREIGHT: (-3_333, -3_592), SALES_TAX: (-3_334, -3_593),
    }  # fmt: skip


def test_parts_of_both_signs_are_each_worth_their_rate_and_the_largest_takes_the_rounding() -> None:
    found = valued(net=-1_111, freight=3_335, tax=1, total=2_225)
    assert found[RECEIVABLE] == (2_225, 2_398)
    assert (found[SALES], found[SALES_TAX]) == ((1_111, 1_197), (-1, -1))
    assert found[FREIGHT] == (-3_335, -2_398 - 1_197 + 1)
    found = valued(net=-1, freight=211, tax=3, total=213)  # alone they are worth 1, 227 and 3: one less than 230
    assert {name: found[name][1] for name in (RECEIVABLE, SALES, FREIGHT, SALES_TAX)} == {
        RECEIVABLE: 230, SALES: 1, FREIGHT: -228, SALES_TAX: -3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "currency", "day", "value"),
    [
        (50, "eur", "2026-11-01", 54), (-50, "eur", "2026-11-01", -54), (1_000, "eur", "2026-11-03", 1_078),
        (1_000, "eur", "2026-11-04", 1_200), (1_000, "eur", "2026-11-14", 1_200), (7, "usd", "1999-01-01", 7),
    ],
)  # fmt: skip
def test_an_amount_is_worth_the_rate_of_its_day_or_of_the_last_before_it(
    amount: int, currency: str, day: str, value: int
) -> None:
    assert EURO.value(amount, currency, day) == value


@pytest.mark.parametrize("day", ["2026-10-31", "2026-11-15"])
def test_no_rate_is_used_before_its_day_or_when_it_is_older_than_ten_days(day: str) -> None:
    with pytest.raises(NoRate, match=f"no rate from EUR to USD for {day} or the 10 days before it"):
        EURO.value(1_000, "eur", day)


def test_half_a_cent_is_rounded_away_from_nothing_and_decimals_are_the_currencys_own() -> None:
    rates = Rates("usd", {"eur": [("2026-11-01", Decimal("0.5"))], "jpy": [("2026-11-01", Decimal("0.0067"))],
                          "kwd": [("2026-11-01", Decimal("3.25"))]})  # fmt: skip
    assert [rates.value(one, "eur", "2026-11-01") for one in (1, 3, -1, -3)] == [1, 2, -1, -2]
    assert rates.value(1_000, "jpy", "2026-11-01") == 670
    assert rates.value(1_000, "kwd", "2026-11-01") == 325
    assert Rates("jpy", {"usd": [("2026-11-01", Decimal("150"))]}).value(1_000, "usd", "2026-11-01") == 1_500


def test_the_rate_that_an_entry_was_made_with_wins_over_one_that_was_entered_since() -> None:
    assert replace(EURO, fixed={"eur": Decimal("2")}).value(100, "eur", "2026-11-02") == 200


# -- who gets what comes back from a dispute


def outcome(status: str, owed: int, value: int | None = None, policy: Policy | None = None) -> Entry | None:
    book = replace(BOOK, policy=policy or Policy())
    return outcome_entry(
        "dp_1", status, {"usd": owed}, {"usd": owed if value is None else value}, 1, book, "2026-11-02"
    )


@pytest.mark.parametrize(
    ("status", "owed", "account"),
    [
        ("lost", 250, DISPUTE_LOSSES), ("lost", -250, DISPUTE_LOSSES), ("won", -250, RECOVERIES),
        ("warning_closed", -250, RECOVERIES), ("prevented", -250, RECOVERIES),
    ],
)  # fmt: skip
def test_what_a_decided_dispute_leaves_goes_to_losses_or_to_recoveries(status: str, owed: int, account: str) -> None:
    entry = outcome(status, owed)
    assert entry is not None
    assert (entry.moved(account), entry.moved(DISPUTES_RECEIVABLE)) == (owed, -owed)


@pytest.mark.parametrize(
    ("status", "owed"), [("won", 250), ("under_review", 250), ("needs_response", -250), ("lost", 0)]
)
def test_nothing_is_written_off_that_is_still_to_come_back(status: str, owed: int) -> None:
    assert outcome(status, owed) is None


def test_a_customer_may_owe_it_again_when_a_dispute_is_lost() -> None:
    entry = outcome("lost", 250, policy=Policy(lost_disputes=RECEIVABLE))
    assert entry is not None and entry.moved(RECEIVABLE) == 250


# -- corrections and closed months


def entry_of(day: str) -> Entry:
    return Entry("dp_1:1", "dispute_outcome", day, day, "usd", "usd", (pair("x", BANK, TRANSIT, 5, 5),), memo="Lost")


def test_an_entry_of_a_closed_month_stands_in_the_next_one_with_its_true_day() -> None:
    found = standing(entry_of("2026-10-30"), CLOSED, "next_open")
    assert isinstance(found, Entry)
    assert (found.day, found.booked) == ("2026-10-30", "2026-11-01")
    assert found.memo == "Lost (of 2026-10-30, whose period is closed)"
    there = standing(entry_of("2026-11-05"), CLOSED, "next_open")
    assert isinstance(there, Entry) and (there.booked, there.memo) == ("2026-11-05", "Lost")
    assert isinstance(standing(entry_of("2026-10-30"), CLOSED, "reject"), Refused)


def test_a_correction_stands_where_the_mistake_stands_until_that_month_is_closed_or_approved() -> None:
    assert takes_corrections(CLOSED, "2026-11-05", ())
    assert not takes_corrections(CLOSED, "2026-10-05", ())
    assert not takes_corrections(CLOSED, "2026-11-05", {"2026-11"})
    assert correcting(CLOSED, "2026-11-05", "2026-11-20", "next_open", ()) == ("2026-11-05", "2026-11-05")
    assert correcting(CLOSED, "2026-10-05", "2026-11-20", "next_open", ()) == ("2026-11-20", "2026-11-20")
    assert correcting(CLOSED, "2026-11-05", "2026-11-20", "next_open", {"2026-11"}) == ("2026-11-20", "2026-11-20")
    assert correcting(CLOSED, "2026-10-05", "2026-10-20", "next_open", ()) == ("2026-10-20", "2026-11-01")
    assert isinstance(correcting(CLOSED, "2026-10-05", "2026-10-20", "reject", ()), Refused)


# -- roll-forward


def test_a_roll_forward_splits_days_before_inside_and_after_and_debits_from_credits() -> None:
    days = [
        DaySum(BANK, "eur", "usd", "2026-09-30", 100, 110, 1), DaySum(BANK, "eur", "usd", "2026-10-01", 50, 56, 2),
        DaySum(BANK, "eur", "usd", "2026-10-31", -30, -33, 3), DaySum(BANK, "eur", "usd", "2026-11-01", 999, 999, 9),
        DaySum(CLEARING, "usd", "usd", "2026-10-05", 7, 7, 1),
    ]  # fmt: skip
    assert roll_forward(days, "2026-10-01", "2026-10-31") == (
        Roll(BANK, "eur", "usd", 100, 50, -30, 120, 110, 133, 5),
        Roll(CLEARING, "usd", "usd", 0, 7, 0, 7, 0, 7, 1),
    )
    assert off_balance(roll_forward(days)) == {"usd": 110 + 56 - 33 + 999 + 7}
    assert off_balance(roll_forward([*days[:1], DaySum(CLEARING, "usd", "usd", "2026-09-30", -110, -110)])) == {}


# -- transit's day


def moved(source: str, booked: str, amount: int, value: int) -> Entry:
    lines = (Line(TRANSIT, amount, value), Line(BANK, -amount, -value))
    return Entry(source, "payout", "2026-10-01", booked, "eur", "usd", (Leg("x", lines),))


def test_what_rates_leave_in_transit_stands_on_the_day_of_the_last_that_moved_it() -> None:
    both = [moved("bank:b", "2026-11-05", -100, -120), moved("txn_a", "2026-10-30", 100, 108)]
    found = transit_fx("po_1", both, 1)
    assert found is not None
    assert (found.day, found.booked, found.source) == ("2026-11-05", "2026-11-05", "po_1:fx")
    assert [(line.account, line.amount, line.value) for line in found.lines()] == [(FX, 0, -12), (TRANSIT, 0, 12)]
    assert transit_fx("po_1", both[:1], 1) is None, "an amount is still on its way"
    assert transit_fx("po_1", [*both, moved("c", "2026-11-06", 0, 12)], 2) is None, "no value is left"


# -- whom a row is about


@pytest.mark.parametrize(
    ("origin", "source", "subject"),
    [
        (Origin(payment="pi_1", charge="ch_1"), "re_1", "pi_1"),
        (Origin(charge="ch_1"), "re_1", "re_1"),
        (Origin(), "po_1", "po_1"),
    ],
)
def test_an_entry_is_about_the_payment_of_its_row_or_about_what_made_it(
    origin: Origin, source: str, subject: str
) -> None:
    found = post(
        replace(row("t", "fee", -100, created=NOON), origin=origin, source=source), Book(Policy(), EURO, Calendar())
    )
    assert isinstance(found, Posted) and found.entry.subject == subject
