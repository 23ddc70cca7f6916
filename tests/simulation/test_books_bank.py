"""The bank leg where it needs a person, or a second look: several lines fit, a bank is shared, a short payout comes back."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.simulation.books import DAY, LEDGER, Books, sell_some
from tests.simulation.test_books import EVENING
from tieout.domain.ledger.account import PROCESSING, TRANSIT
from tieout.domain.reconciliation.deposit import BankLine
from tieout.domain.reconciliation.statement import Payout
from tieout.kernel.failures import Failed
from tieout.operations.decision import Decision
from tieout.operations.keep_ledger import keep_policy
from tieout.operations.keep_payout import keep_payout
from tieout.operations.keep_statement import keep_statement
from tieout.operations.resolve_exception import move_to_account
from tieout.processes.match_bank import match_bank
from tieout.processes.match_line import match_line
from tieout.store import exceptions, journal, ledgers, payouts

OTHER = "another"


def paid_out(world: Books, *, seed: int = 1) -> Payout:
    """A payout that the bank has not shown yet."""
    sell_some(world, random.Random(seed), 3)
    world.pass_days(3, chores=EVENING)
    name = world.stripe_account.pay_out()
    world.pass_days(5, chores=EVENING)
    with world.books.reading() as db:
        found = payouts.get(db, name, LEDGER)
    assert found is not None
    return found.payout


def shown(world: Books, payout: Payout, name: str, amount: int, *, trace: str = "") -> BankLine:
    """A line of the bank about it."""
    line = BankLine(name, "operating", payout.arrival_day, amount, payout.currency, trace, "STRIPE")
    keep_statement(world.books, [line], name, world.clock.now())
    return line


def decided(world: Books, reason: str = "the bank's advice names it") -> Decision:
    return Decision("Ann Larch", reason, world.clock.now())


def resolve_open(world: Books) -> None:
    """Move the one thing that is open to processing fees, and look again."""
    with world.books.reading() as db:
        (found,) = exceptions.opened(db, LEDGER)
    move_to_account(world.books, found.id, PROCESSING, decided(world, "the bank kept a fee"))
    world.do("payouts")


def test_a_short_payout_that_was_settled_and_then_fails_leaves_nothing_behind() -> None:
    world = Books(1)
    payout = paid_out(world)
    shown(world, payout, "there", payout.amount - 500, trace=payout.trace)
    world.do("payouts")
    resolve_open(world)
    assert world.verdicts() == {payout.id: "tied_out"}
    world.stripe_account.move_payout(payout.id, "failed", "account_closed", reached_bank=True)
    world.pass_days(1, chores=EVENING)
    assert world.verdicts() == {payout.id: "waiting"}, "the bank gives back what it had"
    shown(world, payout, "back", 500 - payout.amount)
    world.do("payouts")
    assert (world.verdicts(), world.open_codes()) == ({payout.id: "broken"}, ["break.bank.amount"])
    resolve_open(world)
    assert (world.verdicts(), world.open_codes()) == ({payout.id: "tied_out"}, [])
    assert (TRANSIT, "usd") not in world.balances()
    with world.books.reading() as db:
        entries = [kept.entry for kept in journal.walk(db, LEDGER) if kept.entry.kind == "resolution"]
    assert [entry.moved(PROCESSING) for entry in entries] == [500, -500]


def test_of_two_lines_that_fit_a_person_says_which() -> None:
    world = Books(1)
    payout = paid_out(world)
    shown(world, payout, "aaaa1", payout.amount)
    shown(world, payout, "aaaa2", payout.amount)
    world.do("payouts")
    assert world.verdicts() == {payout.id: "waiting"}
    for line, paid, words in (
        ("aaaa", payout.id, "several lines begin so"),
        ("a", payout.id, "no line of the bank begins so"),
        ("aaaa2", "po_nobody", "No payout and no top-up 'po_nobody' is in the books"),
    ):
        with pytest.raises(Failed, match=words):
            match_line(world.ports, line, paid, decided(world))
    with pytest.raises(Failed, match="--reason is missing"):
        match_line(world.ports, "aaaa2", payout.id, decided(world, " "))
    assert match_line(world.ports, "aaaa2", payout.id, decided(world)) == "tied_out"
    with pytest.raises(Failed, match=f"is matched with {payout.id} already"):
        match_line(world.ports, "aaaa2", payout.id, decided(world))
    with world.books.reading() as db:
        (kept,) = journal.by_source(db, LEDGER, ["bank:aaaa2"])
    assert (kept.actor, kept.entry.memo) == (
        "Ann Larch", f"Bank operating: {payout.id}; the bank's advice names it",
    )  # fmt: skip
    assert (TRANSIT, "usd") not in world.balances()


def test_a_line_that_no_matcher_takes_may_be_short_and_stays_a_break() -> None:
    world = Books(1)
    payout = paid_out(world)
    shown(world, payout, "wire", payout.amount - 9)
    world.do("payouts")
    assert world.verdicts() == {payout.id: "waiting"}
    assert match_line(world.ports, "wire", payout.id, decided(world)) == "broken"
    assert world.open_codes() == ["break.bank.amount"]
    foreign = replace(shown(world, payout, "franc", payout.amount), id="franc2", currency="chf")
    keep_statement(world.books, [foreign], "franc2", world.clock.now())
    with pytest.raises(Failed, match=r"The line is in CHF, and po_\w+ is in USD"):
        match_line(world.ports, "franc2", payout.id, decided(world))


@pytest.mark.parametrize("traced", [True, False])
def test_what_two_accounts_could_have_sent_to_one_bank_is_not_guessed(traced: bool) -> None:
    world = Books(1)
    payout = paid_out(world)
    with world.books.reading() as db:
        kept = ledgers.get(db, LEDGER)
    assert kept is not None
    keep_policy(world.books, OTHER, kept.policy, world.clock.now())
    theirs = replace(payout, id="po_theirs", trace="T9911223344", own_row="", created=payout.created + 1)
    keep_payout(world.books, OTHER, theirs)
    shown(world, payout, "line", payout.amount, trace=theirs.trace if traced else "")
    world.do("payouts")
    assert world.verdicts()[payout.id] == "waiting"
    assert match_bank(world.ports, OTHER).payouts == (["po_theirs"] if traced else [])


def test_a_payout_that_stayed_open_for_months_ties_out_when_the_bank_shows_it() -> None:
    world = Books(1)
    payout = paid_out(world)
    sell_some(world, random.Random(2), 1)
    world.pass_days(3, chores=("import",))
    unseen = world.stripe_account.pay_out()
    world.run(world.clock.now() + 60 * DAY)
    world.do("import", "payouts")
    assert world.verdicts() == {payout.id: "waiting", unseen: "waiting"}, "its row in the balance tells of it"
    world.bank_tells()
    world.do("payouts")
    assert world.verdicts() == {payout.id: "tied_out", unseen: "tied_out"}
