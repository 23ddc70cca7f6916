"""The bank leg where it needs a person, or a second look: several lines fit, a bank is shared, a short payout comes back."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.simulation.books import DAY, LEDGER, Books, sell_some
from tests.simulation.test_books import EVENING
from tests.simulation.world import Shape
from tieout.domain.ledger.account import PROCESSING, TRANSIT
from tieout.domain.reconciliation.deposit import BankLine
from tieout.domain.reconciliation.statement import Payout
from tieout.kernel.failures import Failed
from tieout.operations.decision import Decision
from tieout.operations.keep_deposits import keep_deposits
from tieout.operations.keep_ledger import keep_policy, keep_rates
from tieout.operations.keep_payout import keep_payout
from tieout.operations.keep_statement import keep_statement
from tieout.operations.resolve_exception import accept, move_to_account
from tieout.processes.match_bank import match_bank
from tieout.processes.match_line import free_line, match_line
from tieout.store import balance, exceptions, journal, ledgers, payouts
from tieout.store.payouts import DepositRow

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
        ("aaa", payout.id, "name at least 4 characters"),
        ("bbbb", payout.id, "no line of the bank begins so"),
        ("aaaa2", "po_nobody", "is 'po_nobody' in the books. List payouts with"),
    ):
        with pytest.raises(Failed, match=words):
            match_line(world.ports, line, [paid], decided(world))
    with pytest.raises(Failed, match="--reason is missing"):
        match_line(world.ports, "aaaa2", [payout.id], decided(world, " "))
    assert match_line(world.ports, "aaaa2", [payout.id], decided(world)) == {payout.id: "tied_out"}
    with pytest.raises(Failed, match="Free it first: tieout bank unmatch"):
        match_line(world.ports, "aaaa2", [payout.id], decided(world))
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
    assert match_line(world.ports, "wire", [payout.id], decided(world)) == {payout.id: "broken"}
    assert world.open_codes() == ["break.bank.amount"]
    foreign = replace(shown(world, payout, "franc", payout.amount), id="franc2", currency="chf")
    keep_statement(world.books, [foreign], "franc2", world.clock.now())
    with pytest.raises(Failed, match=r"The line is in CHF, and po_\w+ is in USD"):
        match_line(world.ports, "franc2", [payout.id], decided(world))


def test_one_line_may_be_several_payouts_and_then_is_exactly_what_is_open_of_them() -> None:
    world = Books(1)
    first, second = paid_out(world), sent_later(world)
    shown(world, first, "part", first.amount - 500, trace=first.trace)
    world.do("payouts")
    late = BankLine("late", "operating", world.today(), second.amount + 500, "usd", "", "TWO WIRES")
    keep_statement(world.books, [late, replace(late, id="less", amount=late.amount - 1)], "late", world.clock.now())
    world.do("payouts")
    assert world.verdicts() == {first.id: "broken", second.id: "waiting"}, "no matcher takes a line this late"
    both = [first.id, second.id]
    for line, names, words in (
        ("less", both, rf"what the bank has still to show comes to .*: {first.id} 5\.00 USD, {second.id} "),
        ("late", [*both, "po_nobody"], "is 'po_nobody' in the books"),
    ):
        with pytest.raises(Failed, match=words):
            match_line(world.ports, line, names, decided(world))
    assert match_line(world.ports, "late", [*both, first.id], decided(world)) == dict.fromkeys(both, "tied_out")
    assert (TRANSIT, "usd") not in world.balances()
    with pytest.raises(Failed, match=f"The bank has nothing of {first.id} to show any more"):
        match_line(world.ports, "less", both, decided(world))
    assert free_line(world.ports, "late", approved(world)) == tuple(sorted(both))
    world.do("payouts")
    assert world.verdicts() == {first.id: "broken", second.id: "waiting"}
    assert world.balances()[TRANSIT, "usd"][0] == late.amount


def sent_later(world: Books) -> Payout:
    """Another payout, that the bank does not show by itself."""
    sell_some(world, random.Random(2), 2)
    world.pass_days(3, chores=EVENING)
    name = world.stripe_account.pay_out()
    world.pass_days(12, chores=EVENING)
    with world.books.reading() as db:
        kept = payouts.get(db, name, LEDGER)
    assert kept is not None
    return kept.payout


def test_of_two_that_went_as_one_the_first_came_back_before_anybody_matched_them() -> None:
    world = Books(1)
    first, second = paid_out(world), sent_later(world)
    world.stripe_account.move_payout(first.id, "failed", "account_closed", reached_bank=True)
    world.pass_days(1, chores=EVENING)
    shown(world, second, "both", first.amount + second.amount)
    assert match_line(world.ports, "both", [first.id, second.id], decided(world))[second.id] == "tied_out"
    assert world.verdicts()[first.id] == "waiting", "the bank must show that it went back"
    shown(world, second, "back", -first.amount)
    world.do("payouts")
    assert set(world.verdicts().values()) == {"tied_out"}
    assert (TRANSIT, "usd") not in world.balances()


def test_what_comes_back_beside_another_payout_is_what_the_bank_had() -> None:
    world = Books(1)
    first = paid_out(world)
    shown(world, first, "there", first.amount - 500, trace=first.trace)
    world.do("payouts")
    resolve_open(world)
    second = sent_later(world)
    world.stripe_account.move_payout(first.id, "failed", "account_closed", reached_bank=True)
    world.pass_days(1, chores=EVENING)
    shown(world, second, "wrong", second.amount - first.amount)
    with pytest.raises(Failed, match="must be all of it, exactly"):
        match_line(world.ports, "wrong", [first.id, second.id], decided(world))
    shown(world, second, "true", second.amount - first.amount + 500)
    found = match_line(world.ports, "true", [first.id, second.id], decided(world))
    assert found == {first.id: "broken", second.id: "tied_out"}, "Stripe has 5.00 back that a person had settled"
    resolve_open(world)
    world.do("payouts")
    assert set(world.verdicts().values()) == {"tied_out"}
    assert (TRANSIT, "usd") not in world.balances()


def test_a_payout_whose_line_was_kept_just_before_a_crash_is_looked_at_again() -> None:
    world = Books(1)
    payout = paid_out(world)
    shown(world, payout, "part", payout.amount - 500, trace=payout.trace)
    world.do("payouts")
    with world.books.reading() as db:
        (found,) = exceptions.opened(db, LEDGER)
    accept(world.books, found.id, decided(world, "the bank sends the rest"))
    assert world.verdicts() == {payout.id: "accepted"}
    world.do("payouts")
    assert world.verdicts() == {payout.id: "accepted"}
    rest = shown(world, payout, "rest", 500)
    row = DepositRow(LEDGER, payout.id, rest.id, 500, "person", rest.day, at=world.clock.now(), leg="bank1")
    assert keep_deposits(world.books, LEDGER, [row], [], {payout.id: frozenset({"part"})}, "Ann Larch")
    world.do("payouts")
    assert world.verdicts()[payout.id] != "accepted"


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


def kept_sources(world: Books) -> list[str]:
    with world.books.reading() as db:
        return [kept.entry.source for kept in journal.walk(db, LEDGER) if kept.entry.source.startswith("bank:")]


def test_a_match_that_was_wrong_is_taken_back_by_two_people_and_made_anew() -> None:
    world = Books(1)
    payout = paid_out(world)
    shown(world, payout, "wrong", payout.amount)
    world.do("payouts")
    assert world.verdicts() == {payout.id: "tied_out"}
    for wrong, words in (
        (decided(world), "--approver is missing"),
        (replace(decided(world), approver="ann larch"), "is the actor too"),
    ):
        with pytest.raises(Failed, match=words):
            free_line(world.ports, "wrong", wrong)
    approved = replace(decided(world, "that was a customer's cheque"), approver="Bo Reed")
    assert free_line(world.ports, "wrong", approved) == (payout.id,)
    with pytest.raises(Failed, match="is matched with no payout"):
        free_line(world.ports, "wrong", approved)
    world.do("payouts")
    assert world.verdicts() == {payout.id: "waiting"}, "no matcher takes the line again"
    assert world.balances()[TRANSIT, "usd"][0] == payout.amount
    assert match_line(world.ports, "wrong", [payout.id], decided(world)) == {payout.id: "tied_out"}
    assert free_line(world.ports, "wrong", approved) == (payout.id,)
    shown(world, payout, "right", payout.amount)
    world.do("payouts")
    assert world.verdicts() == {payout.id: "tied_out"}
    assert kept_sources(world) == [
        "bank:wrong", "bank:wrong:rev:1", "bank:wrong:2", "bank:wrong:2:rev:1", "bank:right",
    ]  # fmt: skip
    assert (TRANSIT, "usd") not in world.balances()
    world.everything()
    world.p21_agrees()
    assert world.open_codes() == []


def test_a_correction_stands_where_the_mistake_does_while_that_month_is_open() -> None:
    world = Books(1)
    payout = paid_out(world)
    line = shown(world, payout, "wrong", payout.amount)
    unknown = world.stripe_account.add_row(type="moonbeam", category="moonbeams", amount=-37)
    world.pass_days(1, chores=EVENING)
    world.pass_days(9, chores=EVENING)
    free_line(world.ports, "wrong", approved(world))
    with world.books.reading() as db:
        (open_,) = (one for one in exceptions.opened(db, LEDGER) if one.about == unknown)
        (row,) = journal.by_source(db, LEDGER, [unknown])
    move_to_account(world.books, open_.id, PROCESSING, decided(world))
    with world.books.reading() as db:
        back, moved = journal.by_source(db, LEDGER, ["bank:wrong:rev:1", f"exc:{open_.id}"])
    assert back.entry.booked == line.day < world.today()
    assert moved.entry.booked == row.entry.booked < world.today()


def test_what_is_open_of_a_payout_is_what_is_moved_or_nothing() -> None:
    world = Books(1)
    payout = paid_out(world)
    shown(world, payout, "there", payout.amount - 500, trace=payout.trace)
    world.do("payouts")
    keep_payout(world.books, LEDGER, replace(payout, status="failed"))
    with pytest.raises(Failed, match=r"of it is open by now, not 5\.00 USD; look at the payout again"):
        resolve_open(world)
    assert world.balances()[TRANSIT, "usd"][0] == 500


def test_a_return_that_was_settled_is_expected_no_more_and_takes_no_other_line() -> None:
    world = Books(1)
    payout = paid_out(world)
    shown(world, payout, "there", payout.amount, trace=payout.trace)
    world.do("payouts")
    world.stripe_account.move_payout(payout.id, "failed", "account_closed", reached_bank=True)
    world.pass_days(1, chores=EVENING)
    assert match_line(world.ports, shown(world, payout, "back", 5 - payout.amount).id, [payout.id], decided(world)) == {
        payout.id: "broken"
    }
    resolve_open(world)
    assert world.verdicts() == {payout.id: "tied_out"}
    shown(world, payout, "cash", -5)
    assert match_bank(world.ports, LEDGER).payouts == []
    assert (TRANSIT, "usd") not in world.balances()


def test_a_correction_by_the_bank_is_no_return() -> None:
    world = Books(1)
    payout = paid_out(world)
    shown(world, payout, "much", payout.amount + 200, trace=payout.trace)
    world.do("payouts")
    shown(world, payout, "less", -200, trace=payout.trace)
    world.do("payouts")
    assert world.verdicts() == {payout.id: "tied_out"}
    world.stripe_account.move_payout(payout.id, "failed", "account_closed", reached_bank=True)
    world.pass_days(1, chores=EVENING)
    assert world.verdicts() == {payout.id: "waiting"}


@pytest.mark.parametrize("amount", [1_000, -999, -1_001])
def test_a_top_up_is_the_whole_line_or_none(amount: int) -> None:
    world = Books(1)
    row = world.stripe_account.add_row(type="topup", category="topup", amount=1_000)
    world.pass_days(1, chores=EVENING)
    day = world.today()
    line = BankLine("line", "operating", "2020-01-01", amount, "usd", "", "WIRE")
    keep_statement(world.books, [line], "statement", world.clock.now())
    with pytest.raises(
        Failed,
        match=r"The bank has still to show −10\.00 USD of txn_\w+; a line of −?\d+\.\d\d USD is not exactly that",
    ):
        match_line(world.ports, "line", [row], decided(world))
    keep_statement(world.books, [replace(line, id="whole", day=day, amount=-1_000)], "more", world.clock.now())
    with world.books.reading() as db:
        (change,) = balance.numbered(db, LEDGER, [row])
    assert match_line(world.ports, "whole", [change.source], decided(world)) == {}
    assert (TRANSIT, "usd") not in world.balances()


def test_a_person_and_a_matcher_at_once_post_one_line_for_a_payout() -> None:
    world = Books(1)
    payout = paid_out(world)
    rows = [
        DepositRow(LEDGER, payout.id, line.id, line.amount, "day", line.day, at=world.clock.now())
        for line in (shown(world, payout, name, payout.amount) for name in ("one", "two"))
    ]
    before: dict[str, frozenset[str]] = {payout.id: frozenset()}
    assert keep_deposits(world.books, LEDGER, rows[:1], [], before, "tieout")
    assert not keep_deposits(world.books, LEDGER, rows[1:], [], before, "Ann Larch")
    with pytest.raises(Failed, match=r"has nothing of .* to show any more"):
        match_line(world.ports, shown(world, payout, "three", payout.amount).id, [payout.id], decided(world))


def test_a_payout_from_before_the_ledger_that_comes_back_is_found_at_the_bank() -> None:
    world = Books(1)
    sell_some(world, random.Random(1), 2)
    world.run(world.clock.now() + 4 * DAY)
    before = world.stripe_account.pay_out()
    world.run(world.clock.now() + 2 * DAY)
    with world.books.reading() as db:
        kept = ledgers.get(db, LEDGER)
    assert kept is not None
    keep_policy(world.books, LEDGER, replace(kept.policy, starts=world.today()), world.clock.now())
    world.run(world.clock.now() + DAY)
    world.stripe_account.move_payout(before, "failed", "account_closed", reached_bank=True)
    world.pass_days(2, chores=EVENING)
    owed = -world.balances()[TRANSIT, "usd"][0]
    line = BankLine("back", "operating", world.today(), -owed, "usd", "", "STRIPE RETURN")
    keep_statement(world.books, [line], "statement", world.clock.now())
    world.do("payouts")
    assert (TRANSIT, "usd") not in world.balances()
    assert world.verdicts() == {}


def test_what_two_accounts_sent_together_is_told_as_open() -> None:
    world = Books(1)
    payout = paid_out(world)
    with world.books.reading() as db:
        kept = ledgers.get(db, LEDGER)
    assert kept is not None
    keep_policy(world.books, OTHER, kept.policy, world.clock.now())
    keep_payout(world.books, OTHER, replace(payout, id="po_theirs", trace="", own_row="", amount=700))
    shown(world, payout, "both", payout.amount + 700)
    assert match_bank(world.ports, LEDGER).open == [payout.id]
    assert match_bank(world.ports, OTHER).open == ["po_theirs"]


def test_one_payout_that_cannot_be_looked_at_holds_up_no_other() -> None:
    world = Books(1)
    payout = paid_out(world)
    keep_payout(world.books, LEDGER, replace(payout, id="po_gone", created=payout.created - 60 * DAY))
    with world.books.transaction() as db:
        ledgers.put_policy(db, LEDGER, replace(ledgers.book(db, LEDGER).policy, starts=""), world.clock.now())
    world.bank_tells()
    with pytest.raises(Failed, match="Stripe has no payout po_gone"):
        world.do("payouts")
    assert world.verdicts()[payout.id] == "tied_out"


def approved(world: Books) -> Decision:
    return replace(decided(world, "that was a customer's cheque"), approver="Bo Reed")


@pytest.mark.parametrize("failed", [False, True])
def test_what_was_settled_beside_a_line_is_taken_back_with_it(failed: bool) -> None:
    world = Books(1)
    payout = paid_out(world)
    shown(world, payout, "wrong", payout.amount - 500)
    assert match_line(world.ports, "wrong", [payout.id], decided(world)) == {payout.id: "broken"}
    resolve_open(world)
    assert world.verdicts() == {payout.id: "tied_out"}
    if failed:
        world.stripe_account.move_payout(payout.id, "failed", "account_closed")
        world.pass_days(1, chores=EVENING)
    assert free_line(world.ports, "wrong", approved(world)) == (payout.id,)
    world.do("payouts")
    assert (world.verdicts(), world.open_codes()) == ({payout.id: "tied_out" if failed else "waiting"}, [])
    with world.books.reading() as db:
        assert (
            sum(kept.entry.moved(PROCESSING) for kept in journal.walk(db, LEDGER) if kept.entry.source[:4] == "exc:")
            == 0
        )
        assert sum(amount for amount, _ in journal.balance(db, LEDGER, TRANSIT).values()) == (
            0 if failed else payout.amount
        )


def test_a_look_under_way_takes_no_line_that_a_person_has_freed() -> None:
    world = Books(1)
    payout = paid_out(world)
    line = shown(world, payout, "line", payout.amount)
    match_line(world.ports, "line", [payout.id], decided(world))
    free_line(world.ports, "line", approved(world))
    late = DepositRow(LEDGER, payout.id, line.id, line.amount, "day", line.day, at=world.clock.now())
    assert not keep_deposits(world.books, LEDGER, [late], [], {payout.id: frozenset()}, "tieout")
    with world.books.reading() as db:
        assert payouts.deposits_of(db, LEDGER) == []
        entries = [kept.entry for kept in journal.by_source(db, LEDGER, ["bank:line"])]
    by_hand = replace(late, how="person")
    assert not keep_deposits(world.books, LEDGER, [by_hand], entries, {payout.id: frozenset()}, "Kim"), "posted before"


def test_a_foreign_payout_that_shared_a_line_and_comes_back_leaves_nothing_in_transit() -> None:
    world = Books(24, shape=Shape(stripe_options={"settlements": ("usd", "eur")}))
    world.stripe_account.pay(via="charge", amount=9_000, currency="eur")
    world.pass_days(3, chores=EVENING)
    one, two = (world.stripe_account.pay_out("eur", amount, automatic=False) for amount in (3_000, 4_000))
    world.pass_days(4, chores=EVENING)
    with world.books.reading() as db:
        kept = payouts.get(db, one, LEDGER)
    assert kept is not None
    shown(world, kept.payout, "both", 7_000)
    world.do("payouts")
    assert world.verdicts() == {one: "tied_out", two: "tied_out"}
    tomorrow = (date.fromisoformat(world.today()) + timedelta(days=1)).isoformat()
    keep_rates(world.books, "usd", [("eur", tomorrow, Decimal("1.2000"))])
    world.run(world.clock.now() + DAY)
    world.stripe_account.move_payout(one, "failed", "account_closed", reached_bank=True)
    world.do(*EVENING)
    back = BankLine("back", "operating", world.today(), -3_000, "eur", "", "STRIPE RETURN")
    keep_statement(world.books, [back], "more", world.clock.now())
    world.do("payouts")
    world.do("payouts")
    assert world.verdicts() == {one: "tied_out", two: "tied_out"}
    assert (TRANSIT, "eur") not in world.balances()
