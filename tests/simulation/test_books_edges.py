"""The edges of the books: a ledger that begins in the middle, looks that are cut short, rates that are not there yet."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from simulators.faults import Fault
from simulators.wire import Request, Response
from tests.simulation.books import DAY, LEDGER, Books, account_map, sell_some
from tests.simulation.story import debited
from tests.simulation.test_books import EVENING
from tests.simulation.world import Shape
from tieout.domain.ledger.account import BANK, DISPUTE_LOSSES, DISPUTES_RECEIVABLE, FX, OPENING, TRANSIT
from tieout.domain.ledger.period import day_of
from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.failures import Failed
from tieout.operations.decision import Decision
from tieout.operations.keep_deposits import keep_deposits
from tieout.operations.keep_ledger import keep_accounts, keep_policy, keep_rates
from tieout.operations.keep_statement import keep_statement
from tieout.operations.resolve_exception import move_to_account
from tieout.store import alerts, exceptions, journal, ledgers, payouts

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


@pytest.mark.parametrize(("status", "account"), [("lost", DISPUTE_LOSSES), ("won", FX)])
def test_a_decided_dispute_leaves_no_value_behind(status: str, account: str) -> None:
    world = Books(7, shape=SEVERAL)
    charge = world.stripe_account.pay(via="charge", amount=7_000, currency="sek").charge
    dispute = world.stripe_account.dispute(charge)
    world.pass_days(1)
    world.clock.advance(NO_RATE_DAYS * DAY)
    keep_rates(world.books, "usd", [("sek", world.today(), Decimal("0.1"))])
    world.stripe_account.move_dispute(dispute, status)
    world.run(world.clock.now() + 60)
    world.do("import", "disputes")
    sums = world.balances()
    assert (DISPUTES_RECEIVABLE, "sek") not in sums
    assert sums[account, "sek"] == {"lost": (7_000, 658), "won": (0, -42)}[status]
    assert world.open_codes() == []
    world.identities()


def test_money_that_moves_while_a_ledger_opens_is_no_opening() -> None:
    world = Books(1)
    sell_some(world, random.Random(1), 3)
    world.run(world.clock.now() + 3 * DAY)
    begin_today(world)
    answer, moved = world.stripe_account.respond, list[Any]()

    def busy(request: Request) -> Response:
        found = answer(request)
        if request.path == "/v1/balance" and not moved:
            moved.append(world.stripe_account.add_row(type="stripe_fee", amount=-100))
            world.clock.advance(2)
        return found

    world.stripe_account.respond = busy  # type: ignore[method-assign]
    world.do("import", "prove")
    assert moved
    assert world.open_codes() == []


def test_a_payout_that_left_before_the_ledger_began_is_none_of_it() -> None:
    world = Books(2)
    sell_some(world, random.Random(2), 3)
    world.run(world.clock.now() + 3 * DAY)
    world.stripe_account.pay_out()
    world.run(world.clock.now() + DAY)
    begin_today(world)
    world.pass_days(4, chores=EVENING)
    world.bank_tells()
    world.everything()
    assert world.verdicts() == {}
    assert {(BANK, "usd"), (TRANSIT, "usd")}.isdisjoint(world.balances())
    assert world.open_codes() == []


def test_an_account_that_is_missing_stays_open_whatever_else_is_formed() -> None:
    world = Books(4)
    keep_accounts(world.books, LEDGER, account_map().replace('"network_cost"', '"donations"', 1), {})
    world.stripe_account.add_row(type="network_cost", amount=-50)
    world.pass_days(1, chores=("import", "journals"))
    with world.books.reading() as db:
        before = exceptions.opened(db, LEDGER)
    world.stripe_account.add_row(type="stripe_fee", amount=-50)
    world.pass_days(2, chores=("import", "journals"))
    with world.books.reading() as db:
        assert [(one.id, one.about) for one in exceptions.opened(db, LEDGER)] == [
            (one.id, "network_cost") for one in before
        ]
    keep_accounts(world.books, LEDGER, account_map(), {})
    world.do("journals")
    assert world.open_codes() == []


def test_a_deposit_without_a_rate_holds_up_no_other() -> None:
    world = Books(4, shape=SEVERAL)
    account = world.stripe_account
    for currency in ("sek", "usd"):
        account.pay(via="charge", amount=7_000, currency=currency)
    world.pass_days(3)
    world.clock.advance(NO_RATE_DAYS * DAY)
    without, known = (account.pay_out(currency) for currency in ("sek", "usd"))
    world.run(world.clock.now() + 3 * DAY)
    world.do("import")
    world.bank_tells()
    world.do("payouts")
    with world.books.reading() as db:
        assert [one.payout for one in payouts.deposits_of(db, LEDGER)] == [known]
    keep_rates(world.books, "usd", [("sek", begun_day(world, without), Decimal("0.1"))])
    world.do("import", "payouts")
    assert TRANSIT not in {name for name, _ in world.balances()}


def test_what_is_in_transit_is_relieved_at_what_it_stands_at() -> None:
    world = Books(4, shape=SEVERAL)
    world.stripe_account.pay(via="charge", amount=7_000, currency="eur")
    world.pass_days(3)
    world.run(world.clock.now() + DAY)
    day = world.today()
    world.stripe_account.pay_out("eur")
    world.do("import")
    keep_rates(world.books, "usd", [("eur", day, Decimal("1.25"))])
    world.run(world.clock.now() + 3 * DAY)
    world.do("import")
    world.bank_tells()
    world.do("payouts")
    assert (TRANSIT, "eur") not in world.balances()
    assert world.balances()[BANK, "eur"] == (6_769, 7_311)  # at 1.08


def test_a_bank_line_is_taken_once_even_by_two_accounts() -> None:
    world = Books(1)
    sell_some(world, random.Random(1), 2)
    world.pass_days(3)
    world.stripe_account.pay_out()
    world.pass_days(3, chores=EVENING)
    world.bank_tells()
    world.everything()
    with world.books.reading() as db:
        (taken,) = payouts.deposits_of(db, LEDGER)
        (kept,) = journal.by_source(db, LEDGER, [f"bank:{taken.line}"])
    wanted = replace(taken, connection="another", payout="po_another")
    assert not keep_deposits(world.books, "another", [wanted], [kept.entry], {}, "tieout")
    with world.books.reading() as db:
        assert not payouts.deposits_of(db, "another")
        assert not journal.balance(db, "another", BANK)


def test_the_rest_of_a_payout_that_comes_later_makes_it_whole() -> None:
    world = Books(1)
    sell_some(world, random.Random(1), 3)
    world.pass_days(3, chores=EVENING)
    payout = world.stripe_account.pay_out()
    world.pass_days(5, chores=EVENING)
    (sent,) = world.stripe_account.bank_deposits()
    for name, amount, verdict in (("one", sent["amount"] - 500, "broken"), ("two", 500, "tied_out")):
        line = BankLine(name, "operating", sent["date"], amount, sent["currency"], sent["trace"], "STRIPE")
        keep_statement(world.books, [line], name, world.clock.now())
        world.do("payouts")
        assert world.verdicts() == {payout: verdict}
    assert (TRANSIT, "usd") not in world.balances()
    assert world.open_codes() == []


def begun_day(world: Books, payout: str) -> str:
    """The day a payout left Stripe."""
    with world.books.reading() as db:
        kept, book = payouts.get(db, payout, LEDGER), ledgers.book(db, LEDGER)
    assert kept is not None
    return day_of(kept.payout.created, book.zone)


def test_a_row_that_cannot_be_read_is_open_until_it_can_and_is_posted_then() -> None:
    world = Books(1)
    row = world.stripe_account.add_row(type="stripe_fee", amount=-100)
    answer = world.stripe_account.respond

    def maimed(request: Request) -> Response:
        found = answer(request)
        if not request.path.startswith("/v1/balance_transactions"):
            return found
        return replace(found, body=found.body.replace(b'"amount": -100', b'"amount": null'))

    world.stripe_account.respond = maimed  # type: ignore[method-assign]
    world.do("import", "import")
    with world.books.reading() as db:
        (unread,) = exceptions.opened(db, LEDGER)
        assert [one.code for one in alerts.latest(db, 10)] == ["stripe.shape"]
    assert (unread.code, unread.about) == ("row.unread", row)
    assert f"Balance row {row} is not in the books, all others are." in unread.sentence
    world.run(world.clock.now() + 10 * DAY)
    world.do("import")
    assert world.open_codes() == ["row.unread"], "it was not read again by chance"
    world.stripe_account.respond = answer  # type: ignore[method-assign]
    world.do("import", "prove")
    assert world.open_codes() == []
    world.identities()


@pytest.mark.parametrize("told", [True, False], ids=["with its event", "by the row alone"])
def test_a_debit_that_bounces_is_told_once_whether_or_not_an_event_comes(told: bool) -> None:
    world = Books(3)
    sale = debited(world, random.Random(3))
    world.settle()
    if not told:
        world.stripe_account.plan(Fault("drop"))
    world.stripe_account.bounce(sale.paid.charge)
    world.run(world.clock.now() + 60)
    world.do("import")
    (said,) = _bounces(world)
    assert f"The bank took 25.00 USD of payment {sale.payment} back: hold order" in said
    world.heal()
    world.do("import", "catch_up")
    world.settle()
    assert _bounces(world) == [said]


def _bounces(world: Books) -> list[str]:
    with world.books.reading() as db:
        return [one.sentence for one in alerts.latest(db, 50) if one.code == "payment.bounced"]
