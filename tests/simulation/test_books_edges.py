"""The edges of the books: a ledger that begins in the middle, looks that are cut short, rates that are not there yet."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from simulators.faults import Fault
from tests.simulation.books import DAY, LEDGER, Books, sell_some
from tests.simulation.test_books import EVENING
from tests.simulation.world import Shape
from tieout.domain.ledger.account import DISPUTES_RECEIVABLE, OPENING
from tieout.kernel.failures import Failed
from tieout.operations.keep_ledger import keep_policy
from tieout.operations.resolve_exception import Decision, move_to_account
from tieout.store import exceptions, ledgers

SEVERAL = Shape(stripe_options={"settlements": ("usd", "eur", "sek")})
NO_RATE_DAYS = 20


def begin_today(world: Books) -> None:
    """A ledger of today, although Stripe has rows from before."""
    with world.books.reading() as db:
        kept = ledgers.get(db, LEDGER)
    assert kept is not None
    keep_policy(world.books, LEDGER, replace(kept.policy, starts=world.today()))


def test_a_payout_may_hold_rows_from_before_the_ledger_began() -> None:
    world = Books(2)
    sell_some(world, random.Random(2), 3)
    world.run(world.clock.now() + 3 * DAY)
    begin_today(world)
    world.do("import")
    sell_some(world, random.Random(3), 2)
    world.pass_days(3)
    payout = world.stripe_account.pay_out()
    world.pass_days(3, chores=EVENING)
    world.bank_tells()
    world.everything()
    assert world.verdicts() == {payout: "tied_out"}
    assert world.open_codes() == []


def test_a_look_that_is_cut_short_leaves_no_old_verdict() -> None:
    world = Books(2)
    sell_some(world, random.Random(2), 4)
    world.pass_days(3)
    payout = world.stripe_account.pay_out()
    world.pass_days(3, chores=EVENING)
    world.bank_tells()
    world.everything()
    assert world.verdicts() == {payout: "tied_out"}
    world.stripe_account.move_payout(payout, "failed", "account_closed", reached_bank=True)
    world.run(world.clock.now() + DAY)
    world.stripe_account.plan(Fault("server_error", "balance_transactions.list"))
    with pytest.raises(Failed):
        world.do("payouts")
    world.heal()
    world.do("payouts")
    assert world.verdicts() == {payout: "waiting"}, "the bank must show that it went back"


def test_nothing_is_moved_to_the_opening_balance_afterwards() -> None:
    world = Books(5)
    world.stripe_account.add_row(type="moonbeam", category="moonbeams", amount=-37)
    world.pass_days(1)
    with world.books.reading() as db:
        (found,) = exceptions.opened(db, LEDGER)
    with pytest.raises(Failed, match="what Stripe's balance began with"):
        move_to_account(world.books, found.id, OPENING, Decision("Kim", "of last year", world.clock.now()))
    world.do("prove")
    assert world.open_codes() == ["row.unknown"]


def test_an_outcome_without_a_rate_waits_alone() -> None:
    world = Books(7, shape=SEVERAL)
    account = world.stripe_account
    disputes = [
        account.dispute(account.pay(via="charge", amount=7_000, currency=currency).charge)
        for currency in ("sek", "usd")
    ]
    world.pass_days(1)
    world.clock.advance(NO_RATE_DAYS * DAY)
    for dispute in disputes:
        account.move_dispute(dispute, "lost")
    world.run(world.clock.now() + DAY)
    world.do("disputes")
    assert (DISPUTES_RECEIVABLE, "usd") not in world.balances()
    assert world.balances()[DISPUTES_RECEIVABLE, "sek"][0] == 7_000
    assert world.open_codes() == ["rate.document"]
    world.read_rates()
    world.do("disputes")
    assert (DISPUTES_RECEIVABLE, "sek") not in {name for name, (amount, _) in world.balances().items() if amount}
    assert world.open_codes() == []
