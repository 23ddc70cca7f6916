"""Tax is tied out: charged = on our documents = in P21, by document and jurisdiction, in both dialects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulators.faults import Fault
from tests.simulation.billing import BAD_DEBT, Billing
from tests.simulation.books import LEDGER, PLAIN, Books
from tests.simulation.test_books import EVENING, GATEWAY
from tests.simulation.test_what_is_sold import TEXAS, checkout, publish, to
from tests.simulation.world import Shape
from tieout.domain.close.checklist import BLOCKED, DONE, OPEN, Item, checklist
from tieout.domain.close.figures import Figures
from tieout.domain.close.sections_tax import tax_equations
from tieout.domain.reconciliation.taxes import Taxed, TaxProof, jurisdiction
from tieout.kernel.money import Money
from tieout.processes.close_pack import look_at_close, make_pack
from tieout.store import intents

BOTH = pytest.mark.parametrize("shape", [PLAIN, GATEWAY], ids=["middleware", "gateway"])
GADGET = {"sku": "GADGET-100", "quantity": 1, "unit_amount": 4500, "tax": 281}
FREIGHT = {"amount_subtotal": 1000, "amount_tax": 63}


def sold(shape: Shape = PLAIN, **settings: Any) -> Books:
    """One order from Texas with tax on goods and on shipping, and one from Oregon without any."""
    world = Books(1, shape=shape)
    if settings:
        publish(world, **settings)
    for bought, address in ((GADGET, TEXAS), ({**GADGET, "tax": 0}, {**TEXAS, "city": "Portland", "state": "OR"})):
        cost = FREIGHT if bought["tax"] else {"amount_subtotal": 1000, "amount_tax": 0}
        checkout(world, [bought], shipping_cost=cost, shipping=to(address), address=address)
    world.pass_days(1, chores=EVENING)
    world.everything()
    return world


def look(world: Books) -> Figures:
    return look_at_close(world.ports, LEDGER, world.opened[:7])


def item(figures: Figures) -> Item:
    (found,) = [one for one in checklist(figures) if one.name == "taxes"]
    return found


def taxed(proof: TaxProof, place: str, entity: str = "sales_order") -> Taxed:
    (found,) = [one for one in proof.documents if (one.place, one.entity) == (place, entity)]
    return found


def charge_of(world: Books) -> str:
    """The charge of the order from Texas."""
    charges = [one for one in world.stripe_account.books()["objects"].values() if one["object"] == "charge"]
    return str(next(one["id"] for one in charges if one["amount"] == 5_844))


def sent_by(world: Books, order: str) -> Any:
    """The rows of an order's lines in P21 that are taxed."""
    return [row for row in world.p21_tenant.state["oe_line"].where(order_no=order) if row["sales_tax"]]


@BOTH
def test_a_period_with_texas_tax_ties_out(shape: Shape) -> None:
    figures = look(sold(shape))
    proof = figures.outside.taxes
    texas, oregon = taxed(proof, "US-TX"), taxed(proof, "US-OR")
    assert (texas.charged, texas.sent, texas.at_p21, texas.off, texas.why) == (344, 344, 344, 0, "")
    assert (oregon.charged, oregon.sent, oregon.at_p21) == (0, 0, 0)
    assert (item(figures).state, item(figures).figure) == (DONE, "off by 0 on 0 documents")
    assert [(one.place, one.charged, one.sent, one.at_p21) for one in proof.places()] == [
        ("US-OR", 0, 0, 0), ("US-TX", 344, 344, 344),
    ]  # fmt: skip


@BOTH
def test_a_tax_that_was_changed_in_p21_by_hand_is_found_and_named(shape: Shape) -> None:
    world = sold(shape)
    order = taxed(look(world).outside.taxes, "US-TX").key
    row = next(row for row in sent_by(world, order) if str(row["sales_tax"]) == "2.81")
    world.p21_tenant.state.change("oe_line", row, {"sales_tax": Decimal("2.80")})
    figures = look(world)
    (off,) = figures.outside.taxes.differ
    assert (off.key, off.off, off.at_p21) == (order, 1, 343)
    found = item(figures)
    assert (found.state, found.figure) == (BLOCKED, "off by 0.01 USD on 1 document")
    assert found.act.startswith(f"order {order}: P21 keeps 3.43 USD of tax, but 3.44 USD was sent")


@BOTH
def test_the_tax_of_the_invoice_counts_once_all_of_an_order_is_invoiced(shape: Shape) -> None:
    world = sold(shape)
    state, order = world.p21_tenant.state, taxed(look(world).outside.taxes, "US-TX").key
    (made,) = [row for row in state["invoice_hdr"].where(order_no=order) if row["total_amount"] > 0]
    assert made["tax_amount"] == Decimal("3.44")
    state.change("invoice_hdr", made, {"tax_amount": Decimal("5.00")})
    (off,) = look(world).outside.taxes.differ
    assert (off.key, off.at_p21, off.off) == (order, 500, 156)


@BOTH
def test_a_refund_takes_its_tax_back_in_the_same_jurisdiction(shape: Shape) -> None:
    world = sold(shape)
    world.stripe_account.refund(charge_of(world), 1_000)
    world.pass_days(1, chores=EVENING)
    world.everything()
    figures = look(world)
    memo = taxed(figures.outside.taxes, "US-TX", "credit_memo")
    assert memo.charged == memo.sent == memo.at_p21 and (memo.sent or 0) < 0 and memo.how == "split from the sale"
    (texas,) = [one for one in figures.outside.taxes.places() if one.place == "US-TX"]
    assert texas.charged == texas.sent == texas.at_p21 == 344 + (memo.sent or 0)
    assert item(figures).state == DONE
    row = world.p21_tenant.state["invoice_hdr"].one(invoice_no=memo.key)
    assert row is not None
    world.p21_tenant.state.change("invoice_hdr", row, {"tax_amount": Decimal("-9.00")})
    (off,) = look(world).outside.taxes.differ
    assert (off.named, off.at_p21) == (f"credit memo {memo.key}", -900)


@BOTH
def test_tax_that_stands_on_a_line_is_proven_by_the_total(shape: Shape) -> None:
    world = sold(shape, tax_policy="charge_item")
    texas = taxed(look(world).outside.taxes, "US-TX")
    assert (texas.charged, texas.sent, texas.at_p21) == (344, 344, 344)
    state = world.p21_tenant.state
    row = next(one for one in state["oe_line"].where(order_no=texas.key) if str(one["extended_price"]) == "3.44")
    state.change("oe_line", row, {"extended_price": Decimal("3.00")})
    figures = look(world)
    assert taxed(figures.outside.taxes, "US-TX").at_p21 is None
    assert (item(figures).state, item(figures).figure) == (OPEN, "off by 0 on 0 documents, 1 not proven")
    assert "the tax stands on a line, and P21's total is 58.00 USD" in item(figures).act


@BOTH
def test_invoices_credit_notes_and_what_is_written_off_tie_out(shape: Shape) -> None:
    world = Billing(shape=Shape(p21_settings={"dialect": "gateway"}) if shape is GATEWAY else PLAIN)
    world.publish(bad_debt_account=BAD_DEBT)
    world.customer = world.stripe_account.add_customer(name="Ada Texas", email="ada@texas.example", address=TEXAS)
    service = {"description": "Service", "unit_amount": 10_000, "tax": 825}
    lost, kept = (world.stripe_account.open_invoice(world.customer, lines=[service]) for _ in range(2))
    world.rest()
    world.stripe_account.mark_uncollectible(lost)
    note = world.stripe_account.credit_note(kept, amount=2_165)
    world.rest()
    proof = look(world).outside.taxes
    assert sorted((one.entity, one.charged, one.sent, one.at_p21) for one in proof.documents) == [
        ("ar_invoice", 825, 825, 825), ("ar_invoice", 825, 825, 825),
        ("credit_memo", -825, -825, -825), ("credit_memo", 0, -165, -165),
    ]  # fmt: skip
    (told,) = proof.allowed
    assert told.why == "the credit note tells 0.00 USD of tax; 1.65 USD was split from the sale, line by line"
    assert {one.place for one in proof.documents} == {"US-TX"}
    assert {note, lost, kept} <= {one.subject.partition(":")[0] for one in proof.documents}
    world.stripe_account.pay_invoice(lost)
    world.rest()
    (again,) = look(world).outside.taxes.unproven
    assert (again.charged, again.sent, again.at_p21, again.off) == (None, 825, 825, 0)


def test_an_order_that_was_cancelled_is_named_until_its_payment_is_given_back() -> None:
    world = sold()
    order = taxed(look(world).outside.taxes, "US-TX").key
    world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=order)
    (off,) = look(world).outside.taxes.differ
    assert (off.key, off.off) == (order, 344) and "cancelled" in off.why
    world.stripe_account.refund(charge_of(world))
    world.pass_days(1)
    texas = taxed(look(world).outside.taxes, "US-TX")
    assert (texas.charged, texas.sent, texas.at_p21) == (0, 0, 0)
    assert not look(world).outside.taxes.differ


def test_a_difference_that_was_allowed_when_it_was_written_does_not_stop_a_close() -> None:
    world = Books(1)
    taxes = (64, 64, *(62,) * 7)
    bought = [{"sku": "FILTER-A", "quantity": 1, "unit_amount": 999, "tax": tax} for tax in taxes]
    checkout(world, bought, shipping=to(TEXAS), address=TEXAS)
    world.pass_days(1)
    figures = look(world)
    (one,) = figures.outside.taxes.allowed
    assert (one.charged, one.sent, one.at_p21) == (562, 562, 558) and "tax_tolerance allows" in one.why
    assert item(figures).state == OPEN


def test_what_is_not_known_is_not_proven_and_never_zero() -> None:
    world = sold()
    state = world.p21_tenant.state
    for row in list(state["oe_line"].rows):
        if row["sales_tax"]:
            state.change("oe_line", row, {"sales_tax": None})
    figures = look(world)
    one = taxed(figures.outside.taxes, "US-TX")
    assert (one.at_p21, one.why) == (None, "P21 does not tell the tax of it")
    assert item(figures).figure == "off by 0 on 0 documents, 1 not proven"
    (line,) = tax_equations(figures.outside.taxes)
    assert "1 of them not proven, with 3.44 USD on our documents, and in no sum" in line
    rows = {part.name: part.rows for part in make_pack(world.ports, figures).sections}["tax_by_document"]
    assert rows[0][8] is None and rows[0][6] == Money("usd", 344)


def test_an_order_that_was_linked_by_hand_is_not_proven() -> None:
    world = sold()
    state, ours = world.p21_tenant.state, taxed(look(world).outside.taxes, "US-TX").key
    state.insert("oe_hdr", {**(state["oe_hdr"].one(order_no=ours) or {}), "order_no": "1000999"})
    link = {"connection": "p21", "entity": "sales_order", "origin": LEDGER, "run": "", "at": world.clock.now()}
    with world.books.transaction() as db:
        for number, key in enumerate(("1000999", ours)):
            subject = f"pi_hand{number}"
            intents.link(db, [{**link, "reference": f"by hand {number}", "key": key, "subject": subject}])
    (off,) = [one for one in look(world).outside.taxes.documents if one.key == "1000999"]
    assert (off.sent, off.charged, off.place) == (None, None, "not told") and not off.proven
    assert "linked by hand" in off.why
    assert taxed(look(world).outside.taxes, "US-TX").sent == 344, "what Tieout sent itself stays known"


def test_the_pack_carries_both_sections() -> None:
    world = sold()
    made = make_pack(world.ports, look(world))
    by_name = {one.name: one for one in made.sections}
    assert by_name["tax_by_jurisdiction"].lines == (
        "tax charged 3.44 USD = on our documents 3.44 USD = in P21 3.44 USD, off by 0 on 2 documents.",
    )
    assert "US-TX,USD,1,3.44,3.44,3.44,0.00,0,0,0.00" in made.files["tax_by_jurisdiction.csv"].decode("utf-8-sig")
    assert "Tax by document" in made.files["close.html"].decode()


def test_while_p21_is_away_nothing_counts_as_proven() -> None:
    world = sold()
    world.p21_tenant.faults.plan(Fault("down"))
    figures = look(world)
    assert figures.outside.taxes.unread and not figures.outside.taxes.documents
    assert (item(figures).state, item(figures).figure) == (OPEN, "not proven now")
    world.heal()


def test_jurisdictions() -> None:
    assert [jurisdiction(*one) for one in (("US", "tx"), ("USA", "TX"), ("", "TX"), ("gb", ""), ("", ""))] == [
        "US-TX", "US-TX", "US-TX", "GB", "not told",
    ]  # fmt: skip
