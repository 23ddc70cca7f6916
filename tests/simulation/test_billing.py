"""Every shape of invoice and credit note of Stripe is written or booked, to the cent (cases B1 to B8; C2 #29 to #37; B12)."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.simulation.billing import BAD_DEBT, DIALECTS, OTHER_BANK, Billing
from tests.simulation.books import LEDGER
from tests.simulation.steps import written
from tests.simulation.world import Shape, SimulatedWorld
from tieout.app.house import template
from tieout.operations.decision import Decision
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.operations.resolve_exception import post_in_open_period
from tieout.queries.runs import event_lines
from tieout.store import exceptions, journal
from tieout.store.tables import runs

EVERY_DIALECT = pytest.mark.parametrize("shape", DIALECTS.values(), ids=DIALECTS)
SETTLED = {"accounts_receivable": 0, "customer_credits": 0}


@EVERY_DIALECT
def test_a_change_in_mid_period_is_billed_to_the_cent_with_what_it_takes_off(shape: Shape) -> None:
    world = Billing(shape=shape)
    world.invoice(-2_400, 6_000)
    assert world.p21("invoices") == [Decimal("36.00")]
    assert world.stands() == {"accounts_receivable": 3_600, "customer_credits": 0}
    assert world.parked() == []


def test_half_of_a_prorated_invoice_is_credited_in_proportion_and_the_rest_of_it_whole() -> None:
    world = Billing()
    invoice = world.invoice(-2_400, 6_000)
    world.stripe_account.credit_note(invoice, 1_800)
    world.rest()
    world.stripe_account.void_invoice(invoice)
    world.rest()
    assert sorted(world.p21("credit_memos")) == [Decimal("-18.00"), Decimal("-18.00")]
    assert (world.stands(), world.parked()) == (SETTLED, [])


@EVERY_DIALECT
def test_an_invoice_below_nothing_is_a_credit_that_a_later_invoice_finds(shape: Shape) -> None:
    world = Billing(shape=shape)
    world.invoice(-6_000, 3_600)
    assert world.parked() == []
    assert world.p21("credit_memos") == [Decimal("-24.00")]
    assert world.stands() == {"accounts_receivable": 0, "customer_credits": -2_400}
    world.invoice(5_000)
    assert world.stands() == {"accounts_receivable": 2_600, "customer_credits": 0}
    assert (
        "24.00 USD were paid from the credit of Ada Oregon at Stripe. Apply the open credit of customer" in world.told()
    )
    assert ", credit memo " in world.told()
    assert world.parked() == []


def test_an_invoice_whose_lines_cancel_out_is_told_and_a_free_one_is_not() -> None:
    world = Billing()
    world.invoice(-2_400, 2_400)
    assert "comes to nothing, but its lines do not" in world.told()
    quiet = Billing()
    quiet.invoice(0)
    assert "comes to nothing" not in quiet.told()
    for each in (world, quiet):
        assert (each.p21("invoices"), each.parked(), each.stands()) == ([], [], SETTLED)


def test_what_is_too_little_to_charge_is_owed_with_the_next_invoice() -> None:
    world = Billing()
    world.invoice(30)
    assert world.stands() == {"accounts_receivable": 0, "customer_credits": 30}
    assert "are too little to charge" in world.told()
    invoice = world.invoice(2_000)
    world.stripe_account.pay_invoice(invoice)
    world.rest()
    assert (world.stands(), world.parked()) == (SETTLED, [])


def test_what_was_written_off_and_is_paid_after_all_is_no_bad_debt_any_more() -> None:
    world = Billing()
    world.publish(bad_debt_account=BAD_DEBT)
    invoice = world.invoice(7_500)
    world.stripe_account.mark_uncollectible(invoice)
    world.rest()
    assert world.stands("accounts_receivable", "bad_debt") == {"accounts_receivable": 0, "bad_debt": 7_500}
    world.stripe_account.pay_invoice(invoice, 2_500)
    world.rest()
    world.stripe_account.pay_invoice(invoice)
    world.rest()
    assert world.stands("accounts_receivable", "bad_debt") == {"accounts_receivable": 0, "bad_debt": 0}
    assert sorted(world.p21("invoices")) == [Decimal("25.00"), Decimal("50.00"), Decimal("75.00")]
    assert sorted(world.p21("payments")) == [Decimal("25.00"), Decimal("50.00")]
    assert world.parked() == []


def test_what_was_paid_before_it_was_written_off_stays_on_its_invoice() -> None:
    world = Billing()
    world.publish(bad_debt_account=BAD_DEBT)
    invoice = world.invoice(7_500, tax=500)
    world.stripe_account.pay_invoice(invoice, 3_000)
    world.rest()
    world.stripe_account.mark_uncollectible(invoice)
    world.rest()
    assert world.stands("accounts_receivable")["accounts_receivable"] == 0
    world.stripe_account.pay_invoice(invoice)
    world.rest()
    accounts = ("accounts_receivable", "bad_debt", "sales_tax_payable")
    assert world.stands(*accounts) == {"accounts_receivable": 0, "bad_debt": 0, "sales_tax_payable": -500}
    assert world.parked() == []


@EVERY_DIALECT
def test_what_is_void_after_it_was_written_off_ends_and_is_told(shape: Shape) -> None:
    world = Billing(shape=shape)
    world.publish(bad_debt_account=BAD_DEBT)
    invoice = world.invoice(7_500)
    world.stripe_account.mark_uncollectible(invoice)
    world.rest()
    world.stripe_account.void_invoice(invoice)
    world.rest()
    assert "was voided in Stripe after credit memo" in world.told()
    assert (world.p21("credit_memos"), world.parked()) == ([Decimal("-75.00")], [])
    assert world.stands() == SETTLED


def test_what_is_void_gives_the_customers_credit_back() -> None:
    world = Billing()
    world.invoice(-900)
    invoice = world.invoice(4_700)
    assert world.stands() == {"accounts_receivable": 3_800, "customer_credits": 0}
    world.stripe_account.void_invoice(invoice)
    world.rest()
    assert world.stands() == {"accounts_receivable": 0, "customer_credits": -900}
    assert world.parked() == []


def test_what_the_customer_owed_before_is_paid_with_an_invoice_and_received_on_account() -> None:
    world = Billing()
    world.stripe_account.adjust_customer_balance(world.customer, 800)
    world.rest()
    assert world.stands() == {"accounts_receivable": 0, "customer_credits": 800}
    assert "8.00 USD are owed from now on. Enter a debit memo over it" in world.told()
    invoice = world.invoice(2_000)
    world.stripe_account.pay_invoice(invoice)
    world.rest()
    assert sorted(world.p21("payments")) == [Decimal("8.00"), Decimal("20.00")]
    assert "asks for 8.00 USD more than its own total" in world.told()
    assert (world.stands(), world.parked()) == (SETTLED, [])


def test_a_credit_that_is_given_by_hand_is_booked_once_and_told_and_used_by_the_next_invoice() -> None:
    world = Billing()
    world.stripe_account.adjust_customer_balance(world.customer, -900, description="for the late delivery")
    world.rest()
    assert world.stands() == {"accounts_receivable": 0, "customer_credits": -900}
    assert "9.00 USD were given as credit (for the late delivery). Enter a credit memo over it" in world.told()
    world.stripe_account.adjust_customer_balance(world.customer, -100)
    world.rest()
    assert world.told().count("late delivery") == 1
    invoice = world.invoice(4_700)
    assert world.stands() == {"accounts_receivable": 3_700, "customer_credits": 0}
    world.stripe_account.pay_invoice(invoice)
    world.rest()
    assert (world.stands(), world.parked()) == (SETTLED, [])


def test_what_is_paid_too_much_is_the_customers_credit_in_the_books_and_on_account_in_p21() -> None:
    world = Billing()
    invoice = world.invoice(9_500)
    world.stripe_account.pay_invoice(invoice, 10_200)
    world.rest()
    assert sorted(world.p21("payments")) == [Decimal("7.00"), Decimal("95.00")]
    assert world.stands() == {"accounts_receivable": 0, "customer_credits": -700}
    assert world.parked() == []


@pytest.mark.parametrize("settings", [{}, {"outside_bank": OTHER_BANK}], ids=["told", "written"])
def test_what_is_paid_outside_stripe_is_booked_whether_it_is_told_or_written(settings: dict[str, str]) -> None:
    world = Billing()
    world.publish(**settings)
    invoice = world.invoice(4_700)
    world.stripe_account.pay_invoice(invoice, 1_000)
    world.rest()
    world.stripe_account.pay_out_of_band(invoice)
    world.rest()
    expected = {"accounts_receivable": 0, "other_bank": 3_700}
    assert world.stands("accounts_receivable", "other_bank") == expected
    assert sorted(world.p21("payments")) == [Decimal("10.00"), *([Decimal("37.00")] if settings else [])]
    assert ("set outside_bank" in world.told(), world.parked()) == (not settings, [])


def test_a_credit_note_that_is_void_is_owed_again_in_the_books() -> None:
    world = Billing()
    invoice = world.invoice(5_000)
    note = world.stripe_account.credit_note(invoice, 1_000)
    world.rest()
    world.stripe_account.void_credit_note(note)
    world.rest()
    assert world.stands("accounts_receivable", "returns_and_allowances") == {
        "accounts_receivable": 5_000,
        "returns_and_allowances": 0,
    }
    assert "Void P21 credit memo" in world.told()


@EVERY_DIALECT
def test_billing_credits_lower_the_line_they_are_for(shape: Shape) -> None:
    world = Billing(shape=shape)
    lines = [{"description": "Seats", "unit_amount": 10_000, "credit": 2_000}]
    world.stripe_account.open_invoice(world.customer, lines=lines)
    world.rest()
    assert (world.p21("invoices"), world.parked()) == ([Decimal("80.00")], [])
    assert world.stands()["accounts_receivable"] == 8_000


POLICIES = ("next_open", "approver", "reject")


def closed_month(world: Billing, answer: str) -> str:
    """Close the month in which the world is, or open it again; the first day after it."""
    day = world.today()
    year, month = int(day[:4]), int(day[5:7])
    assert world.p21_tenant.edit("periods", {"period_closed": answer}, period=month, year_for_period=year) == 1
    return f"{year + month // 12}-{month % 12 + 1:02d}-01"


def replay_all(world: Billing) -> None:
    with world.books.reading() as db:
        parked = list(db.execute(sa.select(runs.c.id).where(runs.c.state == "parked")).scalars())
    for run in parked:
        replay_run(world.books, run, world.clock.now())
    world.rest()


@EVERY_DIALECT
@pytest.mark.parametrize("known", [True, False], ids=["known to be closed", "closed a moment ago"])
@pytest.mark.parametrize("policy", POLICIES)
def test_documents_follow_the_policy_for_closed_periods_as_entries_do(policy: str, known: bool, shape: Shape) -> None:
    world = Billing(shape=shape, policy={"closed_period": policy})
    world.do("periods")
    day, later = world.today(), closed_month(world, "Y")
    if known:
        world.do("periods")
    invoice = world.invoice(5_000)
    if policy == "reject":
        (sentence,) = world.parked()
        assert "is closed" in sentence
        assert "keep the ledger with --closed-period next_open, then replay" in sentence
        closed_month(world, "N")
        world.do("periods")
    if policy == "approver":
        (sentence,) = world.parked()
        assert "let an approver post it" in sentence
        with world.books.reading() as db:
            (found,) = exceptions.opened(db, LEDGER)
        decision = Decision("Ann Larch", "the month is signed", world.clock.now(), "Bo Reed")
        post_in_open_period(world.books, found.id, decision)
    replay_all(world)
    assert world.parked() == []
    with world.books.reading() as db:
        (entry,) = [one.entry for one in journal.walk(db, LEDGER) if one.entry.kind == "invoice"]
        assert exceptions.opened(db, LEDGER) == []
    (row,) = [one for one in world.p21_tenant.rows("invoice_hdr") if one["external_reference_no"]]
    stands = day if policy == "reject" else later
    assert (entry.day, entry.booked, str(row["invoice_date"])[:10]) == (day, stands, stands)
    assert invoice in entry.subject


@pytest.mark.parametrize("policy", ["next_open"])
def test_receipts_and_memos_of_a_closed_month_stand_in_the_next_and_say_their_day(policy: str) -> None:
    world = Billing(policy={"closed_period": policy})
    paid, void = world.invoice(5_000), world.invoice(3_000)
    day, later = world.today(), closed_month(world, "Y")
    world.stripe_account.pay_invoice(paid, 5_500)
    world.stripe_account.void_invoice(void)
    world.rest()
    assert world.parked() == []
    payments = world.p21_tenant.rows("ar_payment_details")
    assert {str(one["payment_date"])[:10] for one in payments} == {later}
    assert all(one["payment_desc"].endswith(f"of {day}") for one in payments)
    assert world.stands()["accounts_receivable"] == 0


@pytest.mark.parametrize("act", ["below nothing", "void"])
def test_whoever_keeps_no_books_here_has_the_documents_all_the_same(act: str) -> None:
    world = SimulatedWorld(1)
    publish_workflow(world.books, template("stripe_invoice"), world.clock.now())
    customer = world.stripe_account.add_customer(name="Ada Oregon", email="ada@oregon.example")
    amounts = (-9_100, 3_500) if act == "below nothing" else (5_600,)
    lines = [{"description": f"Line {number}", "unit_amount": each} for number, each in enumerate(amounts)]
    invoice = world.stripe_account.open_invoice(customer, lines=lines)
    world.settle()
    if act == "void":
        world.stripe_account.void_invoice(invoice)
        world.settle()
    assert [line.sentence for line in event_lines(world.books, state="parked")] == []
    (memo,) = written(world, "credit_memos")
    assert Decimal(memo["amount"]) == Decimal("-56.00")
