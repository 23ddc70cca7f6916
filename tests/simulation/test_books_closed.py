"""What is no row of Stripe's follows the policy for closed periods too: bank lines, outcomes of disputes, repaid refunds."""

from __future__ import annotations

import random

import pytest

from tests.simulation.books import LEDGER, Books, sell_some
from tests.simulation.test_books import EVENING
from tieout.domain.ledger.account import DISPUTE_LOSSES, DISPUTES_RECEIVABLE, TRANSIT
from tieout.operations.decision import Decision
from tieout.operations.resolve_exception import post_in_open_period
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
