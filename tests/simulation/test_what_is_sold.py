"""What an order carries into P21: prices on their own basis, tax facts, dates, lines that sell nothing, rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.simulation.steps import ADDRESS, BILLING, ONE_LINE, WIDGET, end, pay_for, pay_lines, written
from tests.simulation.world import Shape, SimulatedWorld
from tieout.app.house import shipped
from tieout.domain.workflow import format as workflow_file
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.queries.runs import run_detail

DIALECTS: dict[str, Mapping[str, Any]] = {
    "REST": {},
    "Order window": {"orders_by": "transaction", "receipts_by": "order"},
    "gateway": {"dialect": "gateway"},
}
BERLIN = {"line1": "Allee 1", "city": "Berlin", "postal_code": "10115", "country": "DE"}
TEXAS = {**ADDRESS, "city": "Austin", "state": "TX", "postal_code": "78701"}


def in_dialect(name: str) -> SimulatedWorld:
    return SimulatedWorld(1, shape=Shape(p21_settings=DIALECTS[name]))


def to(address: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": "Ada Byron", "address": address}


def publish(world: SimulatedWorld, **settings: str) -> None:
    """Publish the shipped workflow with other settings."""
    (path,) = [one for one in shipped() if one.stem == "order_to_cash"]
    workflow = workflow_file.read(path.read_text(encoding="utf-8"))
    publish_workflow(world.books, replace(workflow, settings={**workflow.settings, **settings}), world.clock.now())


def today(world: SimulatedWorld) -> str:
    return datetime.fromtimestamp(world.clock.now(), ZoneInfo("America/New_York")).date().isoformat()


def paid_rows(world: SimulatedWorld) -> list[Mapping[str, Any]]:
    """The receipts in P21."""
    return list(world.p21_tenant.rows("ar_payment_details"))


def day_of(world: SimulatedWorld, table: str, column: str, **where: Any) -> str:
    return str(world.p21_tenant.rows(table, **where)[0][column])[:10]


def lines(world: SimulatedWorld) -> list[Mapping[str, Any]]:
    """The order lines in P21's own books, of the only order that Tieout wrote."""
    (order,) = written(world, "orders")
    return list(world.p21_tenant.rows("oe_line", order_no=order["key"]))


def checkout(world: SimulatedWorld, bought: Sequence[Mapping[str, Any]], **more: Any) -> Any:
    customer = more.pop("customer", None) or world.stripe_account.add_customer(
        name="Ada Byron", email="ada@example.com", address=more.pop("address", ADDRESS)
    )
    return world.stripe_account.pay(via="checkout", customer=customer, currency="usd", lines=bought, **more)


def unused(world: SimulatedWorld) -> dict[str, str]:
    """What the only run says it did not use as it was told."""
    detail = run_detail(world.books, end(world).run)
    assert detail is not None
    return {one.field: one.why for one in detail.unused}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_price_that_contains_tax_is_written_without_it(dialect: str) -> None:
    world = in_dialect(dialect)
    checkout(world, [{**WIDGET, "unit_amount": 1063, "tax_included": 126}], address=TEXAS, shipping=to(TEXAS))
    world.settle()
    assert end(world).state == "applied", end(world)
    (line,) = lines(world)
    assert (line["unit_price"], line["extended_price"]) == (10, 20)
    assert str(line["sales_tax"]) == "1.25"


def test_a_discount_on_a_price_that_contains_tax_contains_tax_too() -> None:
    world = SimulatedWorld(1)
    bought = [{**WIDGET, "quantity": 2, "unit_amount": 1200, "discount": 600, "tax_included": 300}]
    checkout(world, bought, metadata={}, shipping=to(TEXAS))
    publish(world, tax_policy="charge_item")
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [(row["item_id"], str(row["extended_price"])) for row in lines(world)] == [
        ("WIDGET-001", "20.00"),
        ("DISCOUNT", "-5.00"),
        ("TAX", "3.00"),
    ]


def test_a_price_in_another_currency_than_its_base_is_read_in_that_of_the_line() -> None:
    world = SimulatedWorld(1)
    product = world.stripe_account.add_product("Widget", {"sku": "WIDGET-001"})
    price = world.stripe_account.add_price(product, 2000)
    customer = world.stripe_account.add_customer(name="Eva", email="eva@example.com", address=BERLIN)
    bought = [{"price": price, "quantity": 1, "unit_amount": 1840}]
    world.stripe_account.pay(via="checkout", customer=customer, currency="eur", lines=bought, shipping=to(BERLIN))
    world.settle()
    assert end(world).state == "applied", end(world)
    assert str(lines(world)[0]["extended_price"]) == "18.40"


def test_a_price_for_a_pack_is_divided_by_the_pieces_of_the_line() -> None:
    world = SimulatedWorld(1)
    pay_lines(world, '[{"sku": "WIDGET-001", "quantity": 36, "unit_amount": 10}]', 360)
    world.settle()
    assert [(line["unit_quantity"], str(line["extended_price"])) for line in lines(world)] == [(36, "3.60")]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_tax_on_shipping_is_taxed_by_p21_too(dialect: str) -> None:
    world = in_dialect(dialect)
    gadget = {"sku": "GADGET-100", "quantity": 1, "unit_amount": 4500, "tax": 281}
    checkout(world, [gadget], shipping_cost={"amount_subtotal": 1000, "amount_tax": 63}, shipping=to(TEXAS))
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [str(line["sales_tax"]) for line in lines(world)] == ["2.81", "0.63"]


def test_tax_on_the_stores_shipping_is_taxed_by_p21_too() -> None:
    world = SimulatedWorld(1)
    gadget = {"sku": "GADGET-100", "quantity": 1, "unit_amount": 4500, "tax": 281}
    billing = {**BILLING, "state": "TX", "city": "Austin"}
    order = world.web_store.add_order([gadget], billing=billing, freight=1000, freight_tax=63)
    pay_for(world, order, 5844)
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [str(line["sales_tax"]) for line in lines(world)] == ["2.81", "0.63"]


def test_nine_lines_whose_tax_was_rounded_on_the_total_are_written() -> None:
    world = SimulatedWorld(1)
    taxes = (64, 64, *(62,) * 7)
    assert sum(taxes) == 562
    bought = [{"sku": "FILTER-A", "quantity": 1, "unit_amount": 999, "tax": tax} for tax in taxes]
    checkout(world, bought, shipping=to(TEXAS))
    world.settle()
    assert end(world).state == "applied", end(world)
    assert unused(world)["tax"].startswith("P21 computed 5.58, which tax_tolerance allows")


def test_a_line_that_is_not_taxed_in_an_order_that_is_taxed_stays_untaxed_with_its_discount() -> None:
    world = SimulatedWorld(1)
    taxed = {"sku": "GADGET-100", "quantity": 1, "unit_amount": 5000, "discount": 500, "tax": 281}
    manual = {"sku": "MANUAL-01", "quantity": 1, "unit_amount": 1500, "discount": 150}
    checkout(world, [taxed, manual], shipping=to(TEXAS))
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [(row["item_id"], str(row["extended_price"]), row["tax_item"]) for row in lines(world)] == [
        ("GADGET-100", "50.00", "Y"),
        ("MANUAL-01", "15.00", "N"),
        ("DISCOUNT", "-5.00", "Y"),
        ("DISCOUNT", "-1.50", "N"),
    ]


@pytest.mark.parametrize("why", ["exempt", "reverse"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_buyer_whom_stripe_does_not_tax_is_not_taxed_in_p21(dialect: str, why: str) -> None:
    world = in_dialect(dialect)
    paid = checkout(world, [WIDGET], shipping=to(TEXAS))
    world.stripe_account.alter_row(
        paid.session, customer_details={"name": "Ada", "tax_exempt": why, "email": "ada@example.com"}
    )
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [str(row["tax_item"]) for row in lines(world)] == ["N"]
    (order,) = written(world, "orders")
    assert world.p21_tenant.rows("customer", customer_id=int(order["customer"]))[0]["taxable_flag"] == "N"


def test_the_ways_out_of_a_tax_that_differs_are_named() -> None:
    world = SimulatedWorld(1)
    checkout(world, [{**WIDGET, "tax": 400}], shipping=to(TEXAS))
    world.settle()
    assert end(world).state == "parked"
    assert "P21 computed 1.56 tax, but 4.00 was charged" in end(world).sentence
    assert "set tax_policy of the workflow to charge_item" in end(world).sentence


def test_the_way_out_of_a_tax_that_differs_leads_on() -> None:
    world = SimulatedWorld(1)
    checkout(world, [{**WIDGET, "tax": 400}], shipping=to(TEXAS))
    world.settle()
    (order,) = written(world, "orders")
    world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=order["key"])
    publish(world, tax_policy="charge_item")
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [(row["item_id"], str(row["extended_price"])) for row in lines(world)] == [
        ("WIDGET-001", "25.00"),
        ("TAX", "4.00"),
    ]


def test_an_order_is_of_the_day_its_money_was_taken() -> None:
    world = SimulatedWorld(1)
    pay_lines(world, ONE_LINE, captured=False)
    world.run(world.clock.now() + 5 * 86_400)
    (charge,) = [one["object"] for one in world.stripe_account.events() if one["type"] == "charge.succeeded"]
    world.stripe_account.capture(charge)
    world.settle()
    assert end(world).state == "applied", end(world)
    (order,) = written(world, "orders")
    assert day_of(world, "oe_hdr", "order_date", order_no=order["key"]) == today(world)
    assert {row["payment_date"][:10] for row in paid_rows(world)} == {today(world)}


def test_a_bank_debit_is_of_the_day_it_became_certain() -> None:
    world = SimulatedWorld(1)
    customer = world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS)
    paid = world.stripe_account.pay(via="checkout", customer=customer, lines=[WIDGET], unpaid=True)
    world.clock.advance(5 * 86_400)
    world.stripe_account.settle(paid.charge)
    world.settle()
    assert end(world).state == "applied", end(world)
    assert {row["payment_date"][:10] for row in paid_rows(world)} == {today(world)}


def test_an_intent_made_long_before_its_charge_is_of_the_day_of_the_charge() -> None:
    world = SimulatedWorld(1)
    paid = pay_lines(world, ONE_LINE)
    world.stripe_account.alter_row(paid, created=int(world.clock.now()) - 40 * 86_400)
    world.settle()
    assert {row["payment_date"][:10] for row in paid_rows(world)} == {today(world)}


def test_a_line_that_sells_nothing_is_left_out_and_shown() -> None:
    world = SimulatedWorld(1)
    customer = world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS)
    metered = {"sku": "PLAN-BASIC", "description": "API calls", "quantity": 0, "unit_amount": 0}
    world.stripe_account.pay(via="invoice", customer=customer, lines=[WIDGET, metered])
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [line["item_id"] for line in lines(world)] == ["WIDGET-001"]
    assert unused(world) == {"lines[2]": "it sells nothing (quantity 0, amount 0) and was left out"}


def test_a_stores_line_of_quantity_0_is_left_out() -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([WIDGET, {**WIDGET, "sku": "GADGET-100", "quantity": 0}], billing=BILLING)
    pay_for(world, order, 2500)
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [line["item_id"] for line in lines(world)] == ["WIDGET-001"]


def test_a_line_of_quantity_0_that_costs_something_parks_and_goes_on_when_it_has_a_quantity() -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([WIDGET], billing=BILLING)
    raw = world.web_store.orders()[str(order)]
    raw["line_items"][0]["quantity"] = 0
    pay_for(world, order, 2500)
    world.settle()
    assert "has quantity 0 but comes to 25.00 USD" in end(world).sentence
    raw["line_items"][0]["quantity"] = 2
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)


def inclusive_store(world: SimulatedWorld) -> int:
    """A shop that takes 20 % out of its prices: 10 pieces of 23.90 with 25 % off, 179.25 paid."""
    order = world.web_store.add_order([{**WIDGET, "quantity": 10, "unit_amount": 1992}], billing=BILLING)
    raw = world.web_store.orders()[str(order)]
    raw["line_items"][0].update(subtotal="199.17", total="149.375", total_tax="29.875")
    raw.update(total="179.25", total_tax="29.88")
    return order


def test_a_cent_of_rounding_goes_to_the_largest_line_and_is_shown() -> None:
    world = SimulatedWorld(1)
    publish(world, tax_policy="charge_item")
    pay_for(world, inclusive_store(world), 17925)
    world.settle()
    assert end(world).state == "applied", end(world)
    assert "stands on the largest line (Widget)" in unused(world)["rounding"]
    assert sum(line["extended_price"] for line in lines(world)) == Decimal("179.25")


def test_a_cent_of_rounding_goes_to_the_rounding_item_where_one_is_set() -> None:
    world = SimulatedWorld(1)
    publish(world, tax_policy="charge_item", rounding_item="ROUNDING")
    pay_for(world, inclusive_store(world), 17925)
    world.settle()
    assert end(world).state == "applied", end(world)
    assert ("ROUNDING", Decimal("-0.01")) in [(line["item_id"], line["extended_price"]) for line in lines(world)]


def test_two_cents_on_one_line_are_no_rounding() -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([WIDGET], billing=BILLING)
    world.web_store.orders()[str(order)]["total"] = "25.02"
    pay_for(world, order, 2502)
    world.settle()
    assert end(world).state == "parked"
    assert "2 minor units less than its total" in end(world).sentence


def test_a_plug_in_that_keeps_the_gift_cards_in_the_meta_data_is_read() -> None:
    world = SimulatedWorld(1)
    publish(world, gift_card_item="DISCOUNT")
    order = world.web_store.add_order([WIDGET], billing=BILLING, meta={"_ywgc_applied_gift_cards_totals": "5.00"})
    world.web_store.orders()[str(order)]["total"] = "20.00"
    pay_for(world, order, 2000)
    world.settle()
    assert end(world).state == "applied", end(world)


def test_what_a_gift_card_paid_is_asked_for_and_then_written_as_its_item() -> None:
    world = SimulatedWorld(1)
    world.p21_tenant.add_item("GIFTCARD", "Gift cards", "0", other_charge=True)
    order = world.web_store.add_order([WIDGET], billing=BILLING)
    world.web_store.orders()[str(order)] |= {"total": "20.00", "gift_cards": [{"id": 1, "code": "X", "amount": "5.00"}]}
    pay_for(world, order, 2000)
    world.settle()
    assert "5.00 USD of woocommerce order 1001 were paid with a gift card. Set gift_card_item" in end(world).sentence
    publish(world, gift_card_item="GIFTCARD")
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [(row["item_id"], str(row["extended_price"])) for row in lines(world)] == [
        ("WIDGET-001", "25.00"),
        ("GIFTCARD", "-5.00"),
    ]
