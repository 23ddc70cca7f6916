"""What customers owe is proven by document: off by nothing in clearing says nothing about it (case B3)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from simulators.faults import Fault
from simulators.p21.invoices import invoice_order
from tests.simulation.books import LEDGER, PLAIN, Books, sell_some
from tests.simulation.test_books import EVENING, GATEWAY, a_day
from tests.simulation.world import Shape
from tieout.domain.audit.act import Actor
from tieout.domain.close.sections_owed import owed_equation
from tieout.domain.ledger.account import RECEIVABLE, SALES
from tieout.domain.ledger.opening import opening_document
from tieout.domain.reconciliation.receivables import ReceivablesProof
from tieout.kernel.failures import Failed
from tieout.operations.keep_opening_list import KeptList, keep_opening_list
from tieout.processes.close_pack import look_at_close, make_pack
from tieout.processes.prove_balance import prove_balance
from tieout.processes.prove_receivables import prove_receivables, receivables_or_why

BOTH = pytest.mark.parametrize("shape", [PLAIN, GATEWAY], ids=["middleware", "gateway"])


def sold(shape: Shape, seed: int = 1, count: int = 3) -> Books:
    """A world in which some orders were paid and written, none of them shipped."""
    world = Books(seed, shape=replace(shape, p21_options={**shape.p21_options, "ships_at_once": False}))
    sell_some(world, random.Random(seed), count)
    world.pass_days(1, chores=EVENING)
    world.everything()
    return world


def proven(world: Books) -> ReceivablesProof:
    found = prove_receivables(world.ports, LEDGER)
    assert not found.unread
    return found


def ship(world: Books) -> list[str]:
    """P21 ships every order, invoices it, and settles the invoice with the payment that it has."""
    state, made = world.p21_tenant.state, []
    for order in list(state["oe_hdr"].rows):
        invoice = invoice_order(state, order)
        assert invoice is not None
        made.append(invoice["invoice_no"])
        for row in state["invoice_hdr"].where(order_no=order["order_no"]):
            state.change("invoice_hdr", row, {"amount_paid": row["total_amount"], "paid_in_full_flag": "Y"})
    return made


@BOTH
def test_what_is_paid_before_it_is_shipped_is_owed_to_the_customer_here_and_in_p21(shape: Shape) -> None:
    found = proven(sold(shape))
    assert (found.off, len(found.sales)) == (0, 3)
    assert found.booked == found.at_p21 == sum(one.booked for one in found.sales) < 0
    assert all(one.customer and one.documents.count("order") == 1 for one in found.sales)
    assert sum(booked for booked, _ in found.customers().values()) == found.booked


@BOTH
def test_an_order_that_p21_ships_and_invoices_is_owed_no_more(shape: Shape) -> None:
    world = sold(shape)
    paid = -proven(world).booked
    ship(world)
    found = proven(world)
    assert (found.off, found.booked, found.sales) == (0, 0, ()), found.apart
    sums = world.balances()
    assert (RECEIVABLE, "usd") not in sums and sums[SALES, "usd"][0] < 0
    assert -sum(sums[one, "usd"][0] for one in (SALES, "sales_tax_payable", "freight") if (one, "usd") in sums) == paid
    assert proven(world).off == 0, "twice is once"


@BOTH
def test_days_of_everything_agree_by_document(shape: Shape) -> None:
    world, dice, charges = Books(2, shape=shape), random.Random("owed"), list[str]()
    for _ in range(3):
        a_day(world, dice, charges)
        world.pass_days(1, chores=EVENING)
    world.everything()
    found = proven(world)
    assert all(one.why for one in found.apart)
    assert found.booked == sum(value for (name, _), (_, value) in world.balances().items() if name == RECEIVABLE)


def test_what_somebody_did_in_p21_by_hand_is_off_and_named() -> None:
    world = sold(PLAIN)
    state = world.p21_tenant.state
    (number,) = [row["invoice_no"] for row in state["invoice_hdr"].rows][:1]
    row = state["invoice_hdr"].one(invoice_no=number)
    assert row is not None
    state.change("invoice_hdr", row, {"amount_paid": Decimal("-1.00")})
    found = proven(world)
    (sale,) = found.apart
    assert (abs(found.off), number in [one.number for one in sale.open]) == (100, True)
    assert "differ on" in sale.why and "tieout explain" in sale.why
    assert prove_balance(world.ports, LEDGER)[0].off == 0, "clearing says nothing about it"


def test_two_customers_whose_differences_cancel_out_do_not_agree() -> None:
    world = sold(PLAIN)
    rows = world.p21_tenant.state["invoice_hdr"].rows[:2]
    for row, amount in zip(rows, ("-1.00", "1.00"), strict=True):
        world.p21_tenant.state.change("invoice_hdr", row, {"amount_paid": Decimal(amount)})
    found = proven(world)
    assert (found.booked - found.at_p21, found.off, len(found.apart)) == (0, 200, 2)


def test_a_payment_without_any_p21_record_is_named() -> None:
    world = sold(PLAIN)
    world.stripe_account.pay(via="charge", amount=7_000)
    world.pass_days(1, chores=("import",))
    (sale,) = proven(world).apart
    assert (sale.booked, sale.at_p21) == (-7_000, 0)
    assert sale.why.startswith("no P21 record stands for it")


def test_what_p21_has_open_that_never_was_at_stripe_is_one_line() -> None:
    world = sold(PLAIN)
    before = proven(world)
    row = world.p21_tenant.state["invoice_hdr"].rows[0]
    world.p21_tenant.state.insert("invoice_hdr", {
        **row, "invoice_no": "777001", "inv_no_display": "777001", "total_amount": Decimal("3400.00"), "order_no": None,
    })  # fmt: skip
    found = proven(world)
    assert (found.others, found.others_count) == (340_000, 1)
    assert (found.off, found.booked) == (0, before.booked)


def listed(world: Books, *, open_: str = "75.00", stripe_id: str = "") -> KeptList:
    row = {"kind": "invoice", "document": "777002", "customer": "100001", "stripe_id": stripe_id, "day": world.opened,
           "currency": "usd", "open": open_}  # fmt: skip
    document = opening_document(row, "usd")
    return keep_opening_list(world.books, LEDGER, [document], Actor("kim", "Kim"), "go-live", world.clock.now())


def test_an_invoice_that_was_open_at_the_start_is_owed_until_it_is_paid() -> None:
    world = sold(PLAIN)
    row = world.p21_tenant.state["invoice_hdr"].rows[0]
    kept = {
        **row,
        "invoice_no": "777002",
        "inv_no_display": "777002",
        "total_amount": Decimal("75.00"),
        "order_no": None,
    }
    world.p21_tenant.state.insert("invoice_hdr", kept)
    assert proven(world).others == 7_500, "until it is in the opening list, it is none of ours"
    paid = world.stripe_account.pay(via="charge", amount=7_500)
    assert listed(world, stripe_id=paid.charge) == KeptList(1, 0)
    assert listed(world, stripe_id=paid.charge) == KeptList(0, 1), "the same list again changes nothing"
    found = proven(world)
    assert (found.off, found.others) == (0, 0)
    assert prove_balance(world.ports, LEDGER)[0].opening == 0, "the opening list has no part in what Stripe had"
    world.pass_days(1, chores=("import",))
    assert proven(world).off == 7_500, "Stripe has the money and P21 says that it is open"
    (there,) = world.p21_tenant.state["invoice_hdr"].where(invoice_no="777002")
    world.p21_tenant.state.change("invoice_hdr", there, {"amount_paid": Decimal("75.00"), "paid_in_full_flag": "Y"})
    assert proven(world).off == 0
    with pytest.raises(Failed, match="in the books already with another amount"):
        listed(world, open_="80.00", stripe_id=paid.charge)


def test_a_refund_of_a_payment_from_before_the_start_is_named_as_such() -> None:
    starts = (date.fromisoformat(Books(3).opened) + timedelta(days=3)).isoformat()
    world = Books(3, policy={"starts": starts})
    charge = world.stripe_account.pay(via="charge", amount=7_000).charge
    world.pass_days(4)
    world.stripe_account.refund(charge, 2_000)
    world.pass_days(1, chores=EVENING)
    (sale,) = proven(world).apart
    assert sale.booked == 2_000
    assert f"was paid before {starts}, the first day of the books" in sale.why and "opening list" in sale.why


def test_the_pack_shows_what_is_owed_by_document_and_by_customer() -> None:
    world = sold(PLAIN)
    period = world.opened[:7]
    pack = make_pack(world.ports, look_at_close(world.ports, LEDGER, period))
    by_name = {one.name: one for one in pack.sections}
    assert len(by_name["owed_by_document"].rows) == 3
    assert "off by 0" in by_name["owed_by_document"].lines[0]
    assert by_name["owed_by_customer"].rows
    (item,) = [row for row in by_name["checklist"].rows if row[0] == "owed"]
    assert item[2:4] == ("done", "off by 0 on 0 sales")


def test_while_p21_is_away_it_is_said_and_nothing_counts_as_proven() -> None:
    world = sold(PLAIN)
    world.p21_tenant.faults.plan(Fault("down"))
    found = receivables_or_why(world.ports, LEDGER, "usd")
    assert found.unread and not found.sales and owed_equation(found) == f"Not proven: {found.unread}"
    world.heal()
    assert receivables_or_why(world.ports, LEDGER, "usd").unread == ""
