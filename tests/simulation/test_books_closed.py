"""What is no row of Stripe's follows the policy for closed periods too: bank lines, outcomes of disputes, repaid refunds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.simulation.books import DAY, LEDGER, Books, sell_some
from tests.simulation.test_books import EVENING
from tests.simulation.world import Shape
from tieout.domain.ledger.account import DISPUTE_LOSSES, DISPUTES_RECEIVABLE, TRANSIT
from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.failures import Failed
from tieout.operations.decision import Decision
from tieout.operations.keep_ledger import keep_rates
from tieout.operations.keep_statement import keep_statement
from tieout.operations.resolve_exception import post_in_open_period
from tieout.processes.look_at_payouts import look_at_payouts
from tieout.processes.match_line import match_line
from tieout.store import exceptions, journal

POLICIES = ("next_open", "reject", "approver")


def set_closed(world: Books, day: str, answer: str) -> None:
    """Close the period of a day in P21, or open it again."""
    changed = world.p21_tenant.edit(
        "periods", {"period_closed": answer}, period=int(day[5:7]), year_for_period=int(day[:4])
    )
    assert changed == 1
    world.do("periods")


def next_month(day: str) -> str:
    year, month = int(day[:4]), int(day[5:7])
    return f"{year + month // 12}-{month % 12 + 1:02d}-01"


def let_go_on(world: Books, policy: str, day: str) -> None:
    """What a person does about the one thing that waits."""
    if policy == "next_open":
        return
    assert world.open_codes() == ["period.closed"]
    if policy == "reject":
        set_closed(world, day, "N")
        return
    with world.books.reading() as db:
        (found,) = exceptions.opened(db, LEDGER)
    decision = Decision("Ann Larch", "the month is signed", world.clock.now(), "Bo Reed")
    assert post_in_open_period(world.books, found.id, decision).entry == 0


def stands(world: Books, source: str) -> tuple[str, str, str]:
    """The day of an entry, the day it stands on, and its memo."""
    with world.books.reading() as db:
        (kept,) = journal.by_source(db, LEDGER, [source])
    return kept.entry.day, kept.entry.booked, kept.entry.memo


def check(found: tuple[str, str, str], policy: str, day: str) -> None:
    """It stands on its day where the period was opened again, else in the next month with its true day in the memo."""
    true, booked, memo = found
    assert true == day
    assert booked == (day if policy == "reject" else next_month(day))
    assert memo.endswith(f"(of {day}, whose period is closed)") == (policy != "reject")


@pytest.mark.parametrize("policy", POLICIES)
def test_a_bank_line_of_a_closed_period(policy: str) -> None:
    world = Books(8, policy={"closed_period": policy})
    sell_some(world, random.Random(8), 2)
    world.pass_days(3, chores=EVENING)
    payout = world.stripe_account.pay_out()
    world.pass_days(5, chores=EVENING)
    (sent,) = world.stripe_account.bank_deposits()
    set_closed(world, sent["date"], "Y")
    world.bank_tells()
    world.do("payouts")
    if policy != "next_open":
        assert world.verdicts() == {payout: "waiting"}
        assert (TRANSIT, "usd") in world.balances()
        world.do("payouts")  # asked once, however often it is looked at
    let_go_on(world, policy, sent["date"])
    world.do("payouts")
    assert world.verdicts() == {payout: "tied_out"}
    assert world.open_codes() == []
    assert (TRANSIT, "usd") not in world.balances()
    check(stands(world, f"bank:{payout}/{sent['amount']}"), policy, sent["date"])


@pytest.mark.parametrize("policy", POLICIES)
def test_a_dispute_that_is_decided_in_a_closed_period(policy: str) -> None:
    world = Books(7, policy={"closed_period": policy})
    charges = sell_some(world, random.Random(7), 1)
    dispute = world.stripe_account.dispute(charges[0], 2_000)
    world.pass_days(1, chores=EVENING)
    world.stripe_account.move_dispute(dispute, "lost")
    day = world.today()
    set_closed(world, day, "Y")
    world.do("disputes")
    let_go_on(world, policy, day)
    world.do("disputes")
    assert world.open_codes() == []
    assert (DISPUTES_RECEIVABLE, "usd") not in world.balances()
    assert world.balances()[DISPUTE_LOSSES, "usd"][0] == 2_000
    check(stands(world, f"{dispute}:1"), policy, day)


def test_a_question_that_is_wanted_no_more_is_closed() -> None:
    world = Books(7, policy={"closed_period": "reject"})
    charges = sell_some(world, random.Random(7), 1)
    dispute = world.stripe_account.dispute(charges[0], 2_000)
    world.pass_days(1, chores=EVENING)
    world.stripe_account.move_dispute(dispute, "lost")
    day = world.today()
    set_closed(world, day, "Y")
    world.do("disputes", "disputes")
    assert world.open_codes() == ["period.closed"]
    world.stripe_account.move_dispute(dispute, "under_review")
    world.do("disputes")
    assert world.open_codes() == []


def test_an_approval_is_of_one_payout_and_only_where_a_later_period_is_open() -> None:
    world = Books(8, policy={"closed_period": "approver"})
    sell_some(world, random.Random(8), 2)
    world.pass_days(3, chores=EVENING)
    payout = world.stripe_account.pay_out()
    world.pass_days(5, chores=EVENING)
    (sent,) = world.stripe_account.bank_deposits()
    assert world.p21_tenant.edit("periods", {"period_closed": "Y"}, company_no="ACME") > 1
    world.do("periods")
    world.bank_tells()
    world.do("payouts")
    with world.books.reading() as db:
        (found,) = exceptions.opened(db, LEDGER)
    assert (found.payout, found.ours, found.theirs) == (payout, sent["date"], "bank")
    decision = Decision("Ann Larch", "the month is signed", world.clock.now(), "Bo Reed")
    with pytest.raises(Failed, match="There is no later open period either"):
        post_in_open_period(world.books, found.id, decision)
    other = replace(found, payout="po_other")
    with world.books.transaction() as db:
        exceptions.close(db, LEDGER, [found.id], world.clock.now(), exceptions.NEXT_OPEN, "x", "Ann")
        assert exceptions.ended_so(db, found, exceptions.NEXT_OPEN)
        assert not exceptions.ended_so(db, other, exceptions.NEXT_OPEN)


@pytest.mark.parametrize(("policy", "approver"), [("reject", "Bo Reed"), ("approver", ""), ("approver", "Bo Reed")])
def test_what_a_person_matches_waits_for_nothing(policy: str, approver: str) -> None:
    world = Books(8, policy={"closed_period": policy})
    sell_some(world, random.Random(8), 2)
    world.pass_days(3, chores=EVENING)
    payout = world.stripe_account.pay_out()
    world.pass_days(5, chores=EVENING)
    (sent,) = world.stripe_account.bank_deposits()
    set_closed(world, sent["date"], "Y")
    line = BankLine("line", "operating", sent["date"], sent["amount"] - 9, "usd", "", "WIRE")
    keep_statement(world.books, [line], "statement", world.clock.now())
    decision = Decision("Ann Larch", "the advice names it", world.clock.now(), approver)
    if (policy, approver) == ("approver", "Bo Reed"):
        assert match_line(world.ports, "line", [payout], decision) == {payout: "broken"}
        day, booked, memo = stands(world, "bank:line")
        assert (day, booked) == (sent["date"], next_month(day))
        assert memo.endswith(f"the advice names it (approved by Bo Reed) (of {day}, whose period is closed)")
    else:
        with pytest.raises(Failed, match="The line cannot be matched"):
            match_line(world.ports, "line", [payout], decision)
        assert world.open_codes() == []


def test_an_approval_of_one_month_is_none_of_another() -> None:
    world = Books(7, policy={"closed_period": "approver"})
    charges = sell_some(world, random.Random(7), 1)
    dispute = world.stripe_account.dispute(charges[0], 2_000)
    world.pass_days(1, chores=EVENING)
    world.stripe_account.move_dispute(dispute, "lost")
    set_closed(world, world.today(), "Y")
    world.do("disputes")
    let_go_on(world, "approver", world.today())
    world.stripe_account.move_dispute(dispute, "under_review")
    world.do("disputes")
    world.pass_days(45, chores=())
    set_closed(world, world.today(), "Y")
    world.stripe_account.move_dispute(dispute, "lost")
    world.do("disputes")
    assert world.open_codes() == ["period.closed"]
    assert (DISPUTE_LOSSES, "usd") not in world.balances()


def test_what_rates_leave_in_transit_goes_into_no_closed_period() -> None:
    shape = Shape(stripe_options={"settlements": ("usd", "eur")})
    world = Books(24, shape=shape, policy={"closed_period": "reject"})
    world.stripe_account.pay(via="charge", amount=9_000, currency="eur")
    world.pass_days(3, chores=EVENING)
    payout = world.stripe_account.pay_out("eur")
    world.pass_days(1, chores=EVENING)
    tomorrow = (date.fromisoformat(world.today()) + timedelta(days=1)).isoformat()
    keep_rates(world.books, "usd", [("eur", tomorrow, Decimal("1.2000"))])
    world.run(world.clock.now() + DAY)
    world.stripe_account.move_payout(payout, "failed", "account_closed")
    world.do("import")
    day = world.today()
    set_closed(world, day, "Y")
    world.do("payouts")
    assert "period.closed" in world.open_codes()
    assert world.balances()[TRANSIT, "eur"][0] == 0
    set_closed(world, day, "N")
    world.run(world.clock.now() + DAY)
    look_at_payouts(world.ports, LEDGER, all_again=True)
    assert "period.closed" not in world.open_codes()
    assert (TRANSIT, "eur") not in world.balances()
