"""The close of a month in a world whose books are kept: proven, packed, signed by two people, locked (accounting C4, C5, C9)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.simulation.books import DAY, LEDGER, Books, sell_some
from tests.simulation.world import Shape
from tieout.domain.close.ages import AgedReceivables
from tieout.domain.close.checklist import BLOCKED, DONE, OPEN, Item, checklist
from tieout.domain.close.figures import Figures, Outside, RefundOwed
from tieout.domain.close.verdict import last_line
from tieout.domain.ledger.account import CLEARING, FX, RESERVES, TRANSIT
from tieout.domain.ledger.entry import reversal
from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.failures import Failed
from tieout.kernel.money import Money
from tieout.operations.decision import Decision
from tieout.operations.keep_ledger import keep_rates
from tieout.operations.keep_statement import keep_statement
from tieout.operations.post_entries import post_entries
from tieout.operations.resolve_exception import move_to_account
from tieout.operations.sign_close import Paper, approve_close, lock_close, prepare_close, reopen_close
from tieout.processes.close_pack import Pack, check_pack, look_at_close, make_pack, write_pack
from tieout.processes.match_line import free_line, match_line
from tieout.processes.revalue_foreign import revalue_foreign
from tieout.queries.close import close_of
from tieout.store import exceptions, journal
from tieout.store.ledger_tables import close_log

SEPTEMBER, OCTOBER = "2026-09", "2026-10"
EVENING = ("periods", "import", "disputes", "journals", "payouts", "prove")


def until(world: Books, day: str) -> None:
    """Let days pass until it is that day."""
    while world.today() < day:
        world.pass_days(1, chores=EVENING)
    world.everything()


def a_month(seed: int) -> Books:
    """September with sales, a refund, a fee and a payout that the bank shows, seen from the second of October."""
    world = Books(seed)
    charges = sell_some(world, random.Random(seed), 4)
    world.stripe_account.refund(charges[0], 700)
    world.stripe_account.add_row(type="stripe_fee", amount=-640)
    world.pass_days(3)
    world.stripe_account.pay_out()
    until(world, "2026-10-02")
    return world


@pytest.fixture(scope="module")
def world() -> Books:
    """A month that nobody changes."""
    return a_month(1)


def look(world: Books, period: str = SEPTEMBER) -> Figures:
    return look_at_close(world.ports, LEDGER, period)


def items(figures: Figures) -> dict[str, Item]:
    return {one.name: one for one in checklist(figures)}


def stuck(figures: Figures) -> set[str]:
    return {one.name for one in checklist(figures) if one.state == BLOCKED}


def paper(world: Books, figures: Figures, **reasons: str) -> tuple[Paper, Pack]:
    made = make_pack(world.ports, figures)
    items = checklist(figures)
    return Paper(LEDGER, figures.period.name, items, made.figures, made.evidence, reasons), made


def closed(world: Books, period: str = SEPTEMBER) -> None:
    """Sign and lock, whatever is blocked."""
    figures = look(world, period)
    given, _ = paper(world, figures, **dict.fromkeys(stuck(figures), "for this test"))
    prepare_close(world.books, given, "Ann Lee", world.clock.now())
    approve_close(world.books, given, "Bo", world.clock.now())
    lock_close(world.books, LEDGER, period, "Bo", world.clock.now())


def test_a_month_in_which_all_agrees_can_be_signed(world: Books) -> None:
    figures = look(world)
    assert last_line(figures) == "payouts 1, tied out 1, breaks 0 explained, off by 0"
    assert not stuck(figures), [one for one in checklist(figures) if one.state == BLOCKED]
    (proof,) = figures.proofs
    god = [one for one in world.stripe_account.books()["objects"].values() if one["object"] == "balance_transaction"]
    assert proof.rows == len(god)
    assert proof.closing == proof.clearing == proof.stripe == sum(one["net"] for one in god)
    assert proof.payouts == sum(-one["net"] for one in god if one["reporting_category"] == "payout") > 0


def test_what_happens_after_the_month_is_no_part_of_it() -> None:
    world = a_month(2)
    before, signed = look(world), paper(world, look(world))[0].figures
    sell_some(world, random.Random(9), 2)
    world.pass_days(1, chores=EVENING)
    after = look(world)
    (was,), (now,) = before.proofs, after.proofs
    assert (now.closing, now.clearing, now.rows, was.since) == (was.closing, was.clearing, was.rows, 0)
    assert now.since > 0 and now.stripe == was.stripe + now.since and now.off == 0
    assert paper(world, after)[0].figures == signed
    assert look(world, OCTOBER).proofs[0].opening == was.closing


def test_a_month_that_is_not_over_cannot_be_signed(world: Books) -> None:
    assert "imported" in stuck(look(world, OCTOBER))
    with pytest.raises(Failed, match="No such period"):
        look(world, "2031-01")


def test_what_is_in_suspense_needs_a_reason_that_is_kept() -> None:
    world = Books(3)
    sell_some(world, random.Random(3), 1)
    world.stripe_account.add_row(type="moonbeam", category="moonbeams", amount=-37)
    until(world, "2026-10-02")
    figures = look(world)
    assert stuck(figures) == {"suspense"}
    assert last_line(figures) == "payouts 0, tied out 0, breaks 1 explained, off by 0"
    with pytest.raises(Failed, match="--because suspense="):
        prepare_close(world.books, paper(world, figures)[0], "Ann Lee", world.clock.now())
    with pytest.raises(Failed, match="give item=reason"):
        prepare_close(world.books, paper(world, figures, nothing="why")[0], "Ann Lee", world.clock.now())
    prepare_close(world.books, paper(world, figures, suspense="Stripe answers soon")[0], "Ann Lee", world.clock.now())
    approve_close(world.books, paper(world, figures)[0], "Bo", world.clock.now())
    _, acts = close_of(world.books, LEDGER, SEPTEMBER)
    assert [(one.act, one.actor) for one in acts] == [
        ("reason", "Ann Lee"),
        ("prepared", "Ann Lee"),
        ("approved", "Bo"),
    ]
    assert "Stripe answers soon (Ann Lee)" in make_pack(world.ports, figures).files["checklist.csv"].decode()


@pytest.mark.parametrize(
    ("owed", "now", "state", "figure", "act"),
    [
        (700, 700, OPEN, "7.00 USD owed", "Pay pi_Larch another way, then post the payment."),
        (700, 0, DONE, "1 settled since", ""),
        (-700, 0, DONE, "1 settled since", ""),
        (-700, -700, OPEN, "7.00 USD in debit", "Nothing is owed to pi_Larch"),
    ],
)
def test_nobody_is_asked_to_pay_a_customer_who_is_owed_nothing(
    world: Books, owed: int, now: int, state: str, figure: str, act: str
) -> None:
    figures = replace(look(world), refunds=(RefundOwed("pi_Larch", "usd", owed, "2026-09-04", now),))
    found = items(figures)["refunds"]
    assert (found.state, found.figure) == (state, figure)
    assert found.act.startswith(act) and ("Pay" in found.act) is (owed > 0 and now > 0)


def test_credits_do_not_hide_what_is_past_due(world: Books) -> None:
    late = AgedReceivables("usd", (0, 74_056 - 300_000, 0, 0, 0, 0), 2, 74_056, -300_000)
    figures = replace(look(world), outside=Outside(receivables=(late,)))
    found = items(figures)["receivables"]
    assert (found.state, found.figure) == (OPEN, "740.56 USD past due, 3,000.00 USD of credits open")
    assert "Apply the open credits" in found.act and "Collect" in found.act
    assert items(replace(figures, outside=Outside()))["receivables"].state == DONE


def test_money_that_nobody_can_explain_is_off_and_named() -> None:
    world = a_month(4)
    row = next(
        one for one in world.stripe_account.books()["objects"].values() if one.get("reporting_category") == "fee"
    )
    world.stripe_account.remove_row(row["id"])
    figures = look(world)
    assert figures.proofs[0].off == row["net"] == -640
    assert "proof" in stuck(figures)
    assert last_line(figures).endswith("breaks 1 explained, off by −6.40 USD")
    assert [one.code for one in figures.open] == ["break.balance.stripe"]


def test_without_stripe_nothing_is_called_proven() -> None:
    world = a_month(5)
    world.stripe_account.expire_key("rk_test_simulation0000000000")
    figures = look(world)
    assert stuck(figures) == {"proof"} and items(figures)["proof"].figure == "not proven now"
    assert figures.outside.no_proof


def test_a_locked_month_takes_nothing_and_what_is_late_is_a_correction() -> None:
    world = a_month(6)
    closed(world)
    before = look(world)
    late = world.stripe_account.add_row(type="stripe_fee", amount=-90)
    world.stripe_account.alter_row(late, created=int(datetime(2026, 9, 29, 15, tzinfo=UTC).timestamp()))
    world.do("import", "audit", "prove")
    after = look(world)
    (was,), (now,) = before.proofs, after.proofs
    assert (now.clearing, now.closing, now.later, now.off) == (was.clearing, was.closing - 90, -90, 0)
    (correction,) = look(world, OCTOBER).corrections
    assert (correction.source, correction.day, correction.booked) == (late, "2026-09-29", "2026-10-01")
    assert look(world, OCTOBER).late.count == 1
    assert items(look(world, OCTOBER))["late"].figure == "1 since 2026-09 was closed"
    world.identities()


def test_books_that_changed_after_the_preparer_signed_are_not_approved() -> None:
    world = a_month(7)
    given, _ = paper(world, look(world))
    prepare_close(world.books, given, "Ann Lee", world.clock.now())
    late = world.stripe_account.add_row(type="stripe_fee", amount=-90)
    world.stripe_account.alter_row(late, created=int(datetime(2026, 9, 29, 15, tzinfo=UTC).timestamp()))
    world.do("import", "audit", "journals")
    world.settle()
    changed, _ = paper(world, look(world))
    with pytest.raises(Failed, match="changed since Ann Lee signed"):
        approve_close(world.books, changed, "Bo", world.clock.now())
    prepare_close(world.books, changed, "Ann Lee", world.clock.now())
    assert approve_close(world.books, changed, "Bo", world.clock.now()).approved_by == "Bo"


def test_a_period_is_reopened_and_the_log_keeps_all_of_it() -> None:
    world = a_month(8)
    closed(world)
    row = reopen_close(world.books, LEDGER, SEPTEMBER, "Cy", "an invoice came late", world.clock.now())
    assert (row.prepared_by, row.approved_by, row.locked) == ("", "", False)
    _, acts = close_of(world.books, LEDGER, SEPTEMBER)
    assert [one.act for one in acts if one.act != "reason"] == ["prepared", "approved", "locked", "reopened"]
    assert (acts[-1].actor, acts[-1].reason) == ("Cy", "an invoice came late")
    assert acts[-1].evidence == acts[-2].evidence != ""
    for change in (sa.delete(close_log), sa.update(close_log).values(actor="nobody")):
        with pytest.raises(sa.exc.IntegrityError, match="never changed"), world.books.transaction() as db:
            db.execute(change)
    late = world.stripe_account.add_row(type="stripe_fee", amount=-90)
    world.stripe_account.alter_row(late, created=int(datetime(2026, 9, 29, 15, tzinfo=UTC).timestamp()))
    world.do("import", "audit", "prove")
    assert look(world).proofs[0].later == 0, "the month takes entries again"


def test_foreign_money_is_revalued_once_and_taken_back_on_the_next_day() -> None:
    world = Books(9, shape=Shape(stripe_options={"settlements": ("usd", "eur")}))
    keep_rates(world.books, "usd", [("eur", "2026-09-30", Decimal("1.2000"))])
    world._rate_days.add("2026-09-30")
    world.stripe_account.pay(via="charge", amount=7_000, currency="eur")
    until(world, "2026-09-30")
    with pytest.raises(Failed, match="revalue when that day is over"):
        revalue_foreign(world.ports, look(world))
    world.run(world.clock.now() + 2 * DAY)
    world.do("import", "prove")
    figures = look(world)
    (euro,) = figures.foreign
    assert euro.amount == next(one.closing for one in figures.proofs if one.currency == "eur")
    assert euro.worth == (euro.amount * 12 + 5) // 10 == euro.booked + euro.difference > euro.booked
    assert items(figures)["revalued"].state == OPEN
    assert revalue_foreign(world.ports, figures) == (euro,)
    again = look(world)
    assert items(again)["revalued"].state == "done" and revalue_foreign(world.ports, again) == ()
    assert {one.off for one in again.proofs} == {0} and not again.strays
    with world.books.reading() as db:
        assert journal.balance(db, LEDGER, CLEARING)["eur"] == (euro.amount, euro.booked)
        assert journal.balance(db, LEDGER, FX)["eur"] == (0, 0)
    value = next(one.closing_value for one in again.rolls if (one.account, one.currency) == (CLEARING, "eur"))
    assert value == euro.worth


def test_money_on_its_way_and_kept_back_is_revalued_too_and_leaves_nothing_behind() -> None:
    world = Books(9, shape=Shape(stripe_options={"settlements": ("usd", "eur")}))
    keep_rates(world.books, "usd", [("eur", "2026-09-30", Decimal("1.2000"))])
    world._rate_days.add("2026-09-30")
    world.stripe_account.pay(via="charge", amount=9_000, currency="eur")
    until(world, "2026-09-29")
    world.stripe_account.add_row(
        type="reserve_transaction", category="risk_reserved_funds", amount=-1_000, currency="eur"
    )
    world.stripe_account.pay_out("eur", 3_000, automatic=False)
    while world.today() < "2026-10-01":
        world.pass_days(1, chores=("periods", "import", "journals", "payouts", "prove"))
    due = {one.account: one for one in look(world).foreign}
    assert {name: one.amount for name, one in due.items() if name != CLEARING} == {RESERVES: 1_000, TRANSIT: 3_000}
    assert all(one.worth == one.amount * 12 // 10 != one.booked for name, one in due.items() if name != CLEARING)
    assert len(revalue_foreign(world.ports, look(world))) == 3
    world.stripe_account.add_row(
        type="reserve_transaction", category="risk_reserved_funds", amount=1_000, currency="eur"
    )
    until(world, "2026-10-08")
    world.bank_tells()
    world.do(*EVENING)
    with world.books.reading() as db:
        assert journal.balance(db, LEDGER, TRANSIT).get("eur", (0, 0)) == (0, 0)
        assert journal.balance(db, LEDGER, RESERVES)["eur"][0] == 0
    assert set(world.verdicts().values()) == {"tied_out"}
    assert revalue_foreign(world.ports, look(world)) == (), "what September was is not changed by October"


def in_euro(*rates: tuple[str, str]) -> Books:
    """A world with 90 EUR, and rates of its own on some days."""
    world = Books(9, shape=Shape(stripe_options={"settlements": ("usd", "eur")}), policy={"closed_period": "next_open"})
    for day, rate in rates:
        keep_rates(world.books, "usd", [("eur", day, Decimal(rate))])
        world._rate_days.add(day)
    world.stripe_account.pay(via="charge", amount=9_000, currency="eur")
    return world


def reserved(world: Books, amount: int) -> None:
    world.stripe_account.add_row(
        type="reserve_transaction", category="risk_reserved_funds", amount=-amount, currency="eur"
    )


def test_what_rates_left_on_an_empty_account_is_posted_once_and_needs_no_rate() -> None:
    world = in_euro(("2026-09-30", "1.2000"))
    until(world, "2026-09-24")
    reserved(world, 1_000)
    until(world, "2026-09-30")
    reserved(world, -1_000)
    until(world, "2026-10-01")
    left = {one.account: one for one in look(world).foreign}[RESERVES]
    assert (left.amount, left.rate, left.worth, left.booked) == (0, None, 0, -120)
    assert "2 to post" in items(look(world))["revalued"].figure
    revalue_foreign(world.ports, look(world))
    until(world, "2026-10-03")
    with world.books.reading() as db:
        assert journal.balance(db, LEDGER, RESERVES)["eur"] == (0, 0)
    assert RESERVES not in {one.account for one in look(world, OCTOBER).foreign}


def test_what_is_on_its_way_on_the_last_day_is_named_and_is_what_the_account_stands_at() -> None:
    world = Books(12)
    sell_some(world, random.Random(12), 6)
    world.pass_days(3, chores=EVENING)
    shared = [world.stripe_account.pay_out(amount=amount, automatic=False) for amount in (3_000, 4_000)]
    world.pass_days(4, chores=EVENING)
    line = BankLine("both", "operating", world.today(), 7_000, "usd", "", "STRIPE")
    keep_statement(world.books, [line], "one", world.clock.now())
    world.do("payouts")
    assert set(world.verdicts().values()) == {"tied_out"}, "one line is both"
    until(world, "2026-09-29")
    before = world.balances().get((TRANSIT, "usd"), (0, 0))[0]
    while world.today() < "2026-09-30":
        world.pass_days(1, chores=("periods", "import", "journals", "payouts", "prove"))
    late = world.stripe_account.pay_out(amount=2_500, automatic=False)
    world.stripe_account.add_row(type="topup", category="topup", amount=800)
    while world.today() < "2026-10-02":
        world.pass_days(1, chores=("periods", "import", "journals", "payouts", "prove"))
    figures = look(world)
    found = {one.name: one.amount for one in figures.transit}
    assert before == 0 and not found.keys() & set(shared)
    assert (found[late], len(found), sum(found.values())) == (2_500, 2, 1_700)
    assert figures.standing(TRANSIT) == {"usd": 1_700}
    assert items(figures)["transit"].state == OPEN


def test_a_line_taken_back_later_changes_nothing_of_the_month_before() -> None:
    world = Books(12, policy={"closed_period": "next_open"})
    sell_some(world, random.Random(12), 6)
    world.pass_days(3, chores=EVENING)
    for amount in (3_000, 4_000):
        world.stripe_account.pay_out(amount=amount, automatic=False)
    world.pass_days(4, chores=EVENING)
    keep_statement(
        world.books,
        [BankLine("both", "operating", world.today(), 7_000, "usd", "", "STRIPE")],
        "one",
        world.clock.now(),
    )
    world.do("payouts")
    while world.today() < "2026-10-02":
        world.pass_days(1, chores=("periods", "import", "journals", "payouts", "prove"))
    assert look(world).transit == ()
    closed(world)
    free_line(world.ports, "both", Decision("Ann Larch", "a customer's cheque", world.clock.now(), "Bo Reed"))
    assert look(world).transit == ()
    world.run(world.clock.now() + DAY)
    assert {one.amount for one in look(world, OCTOBER).transit} == {3_000, 4_000}


def test_an_approved_month_takes_no_correction_and_no_other_rate() -> None:
    world = in_euro(("2026-09-30", "1.0800"))
    row = world.stripe_account.add_row(type="moonbeam", category="moonbeams", amount=-3_700)
    until(world, "2026-10-02")
    given, _ = paper(world, look(world), **dict.fromkeys(stuck(look(world)), "known"))
    prepare_close(world.books, given, "Ann Lee", world.clock.now())
    keep_rates(world.books, "usd", [("eur", "2026-09-30", Decimal("1.5000"))])
    given, _ = paper(world, look(world), **dict.fromkeys(stuck(look(world)), "known"))
    with pytest.raises(Failed, match="changed since Ann Lee signed"):
        approve_close(world.books, given, "Bo", world.clock.now())
    prepare_close(world.books, given, "Ann Lee", world.clock.now())
    approve_close(world.books, given, "Bo", world.clock.now())
    with pytest.raises(Failed, match=r"or an approved close were made stays: eur on 2026-09-30 is 1\.5000 already"):
        keep_rates(world.books, "usd", [("eur", "2026-09-30", Decimal("1.0800"))])
    with world.books.reading() as db:
        number = next(one.id for one in exceptions.opened(db, LEDGER) if one.about == row)
    move_to_account(world.books, number, FX, Decision("Ann Larch", "that is what it is", world.clock.now()))
    with world.books.reading() as db:
        (moved,) = journal.by_source(db, LEDGER, [f"exc:{number}"])
    assert moved.entry.booked == world.today()


def test_what_the_bank_kept_is_settled_where_its_line_stands() -> None:
    world = Books(1, policy={"closed_period": "next_open"})
    sell_some(world, random.Random(1), 3)
    world.pass_days(3, chores=EVENING)
    payout = world.stripe_account.pay_out(amount=3_000, automatic=False)
    while world.today() < "2026-10-02":
        world.pass_days(1, chores=("periods", "import", "journals", "payouts", "prove"))
    closed(world)
    line = BankLine("part", "operating", "2026-09-28", 2_500, "usd", "", "X")
    keep_statement(world.books, [line], "one", world.clock.now())
    decision = Decision("Ann Larch", "the advice names it", world.clock.now(), "Bo Reed")
    assert match_line(world.ports, "part", [payout], decision) == {payout: "broken"}
    world.run(world.clock.now() + 31 * DAY)
    with world.books.reading() as db:
        number = next(one.id for one in exceptions.opened(db, LEDGER) if one.about == payout)
    move_to_account(world.books, number, FX, Decision("Ann Larch", "a fee", world.clock.now()))
    with world.books.reading() as db:
        (moved,) = journal.by_source(db, LEDGER, [f"exc:{number}"])
    assert (moved.entry.booked, look(world, OCTOBER).transit) == ("2026-10-01", ())


def test_a_period_from_before_the_books_is_not_closed() -> None:
    world = Books(13, policy={"starts": "2026-09-01"})
    with pytest.raises(Failed, match="2026-08 ends before the books of stripe begin, on 2026-09-01"):
        look(world, "2026-08")


def test_two_who_revalue_at_once_post_once() -> None:
    world = in_euro(("2026-09-30", "1.2000"))
    until(world, "2026-10-01")
    one, other = look(world), look(world)
    revalue_foreign(world.ports, one)
    revalue_foreign(world.ports, other)
    assert items(look(world))["revalued"].state == "done"
    stale = replace(other, foreign=tuple(replace(each, worth=0) for each in other.foreign))
    with pytest.raises(Failed, match="was revalued by somebody else just now"):
        revalue_foreign(world.ports, stale)


def test_a_month_whose_next_day_is_locked_is_not_revalued_into_a_later_one() -> None:
    world = in_euro(("2026-09-30", "1.2000"), ("2026-10-31", "1.3000"))
    until(world, "2026-10-02")
    closed(world)
    until(world, "2026-11-02")
    revalue_foreign(world.ports, look(world, OCTOBER))
    closed(world, OCTOBER)
    reopen_close(world.books, LEDGER, SEPTEMBER, "Bo", "revaluation was forgotten", world.clock.now())
    with pytest.raises(Failed, match="is taken back on 2026-10-01, and that day takes no entry"):
        revalue_foreign(world.ports, look(world))
    assert items(look(world, OCTOBER))["revalued"].state == "done"


def test_a_bank_payment_that_has_not_succeeded_is_pending_and_then_not() -> None:
    world = Books(10)
    charge = world.stripe_account.pay(via="intent", amount=5_000, unpaid=True).charge
    until(world, "2026-10-02")
    (waiting,) = look(world).pending
    assert (waiting.charge, waiting.amount, waiting.currency) == (charge, 5_000, "usd")
    world.stripe_account.settle(charge)
    world.run(world.clock.now() + DAY)
    assert look(world).pending == ()


def test_a_dispute_is_shown_by_its_stage_with_what_may_be_lost() -> None:
    world = Books(11)
    (charge,) = sell_some(world, random.Random(11), 1)
    dispute = world.stripe_account.dispute(charge, 500)
    until(world, "2026-10-02")
    (line,) = look(world).disputes
    assert (line.dispute, line.owed, line.stage, line.reserve) == (dispute, 500, "needs_response", 500)
    assert items(look(world))["disputes"].state == OPEN


def test_a_refund_that_failed_is_owed_with_its_age_and_a_reversal_is_a_correction() -> None:
    world = Books(14)
    (charge,) = sell_some(world, random.Random(14), 1)
    refund = world.stripe_account.refund(charge, 700)
    world.pass_days(1, chores=EVENING)
    world.stripe_account.move_refund(refund, "failed")
    world.stripe_account.dispute(charge, 500)
    until(world, "2026-10-04")
    figures = look(world)
    (owed,) = figures.refunds
    assert (owed.currency, owed.owed) == ("usd", 700)
    assert {one.name: one for one in make_pack(world.ports, figures).sections}["exceptions_by_age"].rows == (
        ("Customer refunds payable", "USD", 1, Money("usd", 700), 0, 0, 1, 0),
        ("Disputes: needs_response", "USD", 1, Money("usd", 500), 0, 0, 1, 0),
    )
    with world.books.reading() as db:
        (row,) = journal.numbered(db, [1])
    post_entries(world.books, LEDGER, [reversal(row.entry, 1, "2026-10-01", "posted in error")], "Ann Lee", 0.0)
    (correction,) = look(world, OCTOBER).corrections
    assert (correction.source, correction.why) == (f"{row.entry.source}:rev:1", "reversal")


def test_a_journal_that_p21_took_into_another_period_is_named_in_both() -> None:
    world = Books(15)
    sell_some(world, random.Random(15), 1)
    while world.today() < "2026-09-30":
        world.pass_days(1, chores=("periods", "import"))
    world.do("journals")
    september = {"period": 9, "year_for_period": 2026}
    assert world.p21_tenant.edit("periods", {"period_closed": "Y"}, **september) == 1
    world.settle()
    until(world, "2026-10-03")
    for period in (SEPTEMBER, OCTOBER):
        figures = look(world, period)
        (moved,) = figures.moved
        assert (moved.booked[:7], moved.written) == ("2026-09", "2026-10-01")
        assert moved.amount > 0 and moved.key
        assert items(figures)["moved"].state == OPEN
        rows = {one.name: one for one in make_pack(world.ports, figures).sections}["moved_journals"].rows
        assert rows == ((moved.name, moved.key, moved.booked, moved.written, Money("usd", moved.amount)),)


def test_the_pack_is_evidence_and_nothing_in_it_is_run(tmp_path: Path) -> None:
    world = Books(12)
    sell_some(world, random.Random(12), 1)
    world.stripe_account.add_row(type="x", category="=1+1<script>alert(1)</script>", amount=-37)
    until(world, "2026-10-02")
    figures = look(world)
    _, made = paper(world, figures)
    write_pack(made, tmp_path)
    assert check_pack(tmp_path, made.evidence) == []
    assert hashlib.sha256((tmp_path / "manifest.json").read_bytes()).hexdigest() == made.evidence
    manifest = json.loads(made.files["manifest.json"])
    assert manifest["journal"]["last_hash"] == figures.chain.hash and manifest["verdict"] == last_line(figures)
    assert set(manifest["files_sha256"]) == {one.name for one in tmp_path.iterdir()} - {"manifest.json"}
    page = made.files["close.html"].decode()
    assert "<script" not in page and "&lt;script&gt;" in page and "http" not in page.replace("https", "http")[:2_000]
    for section in made.sections:
        assert section.title in page and (section.rows or section.empty in page)
    for name, content in made.files.items():
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            assert all(len(row) == len(rows[0]) for row in rows)
            cells = [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
            assert all(Decimal(cell) for cell in cells), name
    (tmp_path / "proof.csv").write_bytes(made.files["proof.csv"] + b"x")
    (tmp_path / "fees.csv").unlink()
    assert sorted(check_pack(tmp_path, made.evidence)) == ["fees.csv", "proof.csv"]
    (tmp_path / "manifest.json").write_text("{}")
    assert check_pack(tmp_path, made.evidence) == ["manifest.json"]


def test_a_journal_that_was_tampered_with_cannot_be_signed() -> None:
    world = a_month(13)
    with world.books.transaction() as db:
        db.exec_driver_sql("DROP TRIGGER entry_lines_no_update")
        db.exec_driver_sql("UPDATE entry_lines SET value = value + 1 WHERE entry = 1 AND place = 0")
    found = items(look(world))["chain"]
    assert found.state == BLOCKED and "entry 1" in found.act
