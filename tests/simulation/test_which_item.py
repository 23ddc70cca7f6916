"""Which P21 item a line is and in which unit it is counted, from every source (cases A10, A15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.simulation.steps import ADDRESS, BILLING, WIDGET, end, pay_for, pay_lines, written
from tests.simulation.test_what_is_sold import BERLIN, DIALECTS, checkout, in_dialect, lines, to
from tests.simulation.world import Shape, SimulatedWorld
from tieout.app.house import shipped
from tieout.domain.audit.act import PROGRAM
from tieout.domain.lookup_table import ITEMS, Row
from tieout.domain.workflow import format as workflow_file
from tieout.operations.keep_lookup import set_rows
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run

PACKED = {"sku": "WASHER", "description": "Washer", "quantity": 3, "unit_amount": 500}


def with_washers(dialect: str = "REST") -> SimulatedWorld:
    """A world in which washers are sold by the case, or each."""
    world = in_dialect(dialect)
    world.p21_tenant.add_item("WASHER", "Washer", "60.00", units=("CS", "EA"))
    return world


def map_items(world: SimulatedWorld, **tables: Mapping[str, str]) -> None:
    """Publish the shipped workflow with rows in its tables."""
    (path,) = [one for one in shipped() if one.stem == "order_to_cash"]
    workflow = workflow_file.read(path.read_text(encoding="utf-8"))
    publish_workflow(world.books, replace(workflow, tables={**workflow.tables, **tables}), world.clock.now())


def sold(world: SimulatedWorld) -> list[tuple[Any, ...]]:
    return [(row["item_id"], int(row["unit_quantity"]), row["unit_of_measure"]) for row in lines(world)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_item_of_several_units_parks_until_one_is_named_and_three_pieces_stay_three_pieces(dialect: str) -> None:
    world = with_washers(dialect)
    product = world.stripe_account.add_product("Washer", {"sku": "WASHER"})
    price = world.stripe_account.add_price(product, 500)
    checkout(world, [{"price": price, "quantity": 3}])
    world.settle()
    assert end(world).state == "parked"
    assert "is sold by CS, EA (CS by default), and nothing says which" in end(world).sentence
    assert written(world, "orders") == []
    world.stripe_account.edit(product, metadata={"p21_unit": "EA"})
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert sold(world) == [("WASHER", 3, "EA")]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_unit_that_the_item_does_not_have_parks_before_anything_is_written(dialect: str) -> None:
    world = with_washers(dialect)
    product = world.stripe_account.add_product("Washer", {"sku": "WASHER", "p21_unit": "BOX"})
    price = world.stripe_account.add_price(product, 500)
    checkout(world, [{"price": price, "quantity": 3}])
    world.settle()
    assert "is sold by CS, EA, not by 'BOX'" in end(world).sentence
    assert written(world, "customers") == []
    world.stripe_account.edit(product, metadata={"p21_unit": "EA"})
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert sold(world) == [("WASHER", 3, "EA")]


def test_the_price_names_the_unit_before_its_product() -> None:
    world = with_washers()
    product = world.stripe_account.add_product("Washer", {"sku": "WASHER", "p21_unit": "CS"})
    price = world.stripe_account.add_price(product, 500, metadata={"p21_unit": "EA"})
    checkout(world, [{"price": price, "quantity": 3}])
    world.settle()
    assert sold(world) == [("WASHER", 3, "EA")]


def test_lines_in_the_metadata_name_their_unit() -> None:
    world = with_washers()
    pay_lines(world, '[{"sku": "WASHER", "quantity": 3, "unit_amount": 500, "unit": "EA"}]', 1500)
    world.settle()
    assert sold(world) == [("WASHER", 3, "EA")]


def test_the_stores_line_names_its_unit() -> None:
    world = with_washers()
    order = world.web_store.add_order([PACKED], billing=BILLING)
    row = world.web_store.orders()[str(order)]["line_items"][0]
    row["meta_data"] = [{"id": 1, "key": "p21_unit", "value": "EA"}]
    pay_for(world, order, 1500)
    world.settle()
    assert sold(world) == [("WASHER", 3, "EA")]


def test_a_paid_invoice_takes_the_unit_of_its_product() -> None:
    world = with_washers()
    product = world.stripe_account.add_product("Washer", {"sku": "WASHER", "p21_unit": "EA"})
    price = world.stripe_account.add_price(product, 500)
    customer = world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS)
    world.stripe_account.pay(via="invoice", customer=customer, lines=[{"price": price, "quantity": 3}])
    world.settle()
    assert sold(world) == [("WASHER", 3, "EA")]


def test_the_table_of_items_names_the_unit() -> None:
    world = with_washers()
    map_items(world, items={"W-1": "WASHER"}, items_unit={"W-1": "EA"})
    pay_lines(world, '[{"sku": "W-1", "quantity": 3, "unit_amount": 500}]', 1500)
    world.settle()
    assert sold(world) == [("WASHER", 3, "EA")]


def test_a_line_without_a_sku_parks_and_goes_on_when_its_name_is_mapped() -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([{**WIDGET, "sku": "", "description": "Blue hat"}], billing=BILLING)
    pay_for(world, order, 2500)
    world.settle()
    assert "Line 1 (Blue hat) of woocommerce order 1001 has no SKU" in end(world).sentence
    map_items(world, items={"name:Blue hat": "GLOVE-M"})
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert sold(world) == [("GLOVE-M", 2, "EA")]


def test_a_pattern_maps_a_family_of_skus() -> None:
    world = SimulatedWorld(1)
    map_items(world, items={"TSHIRT-*": "GLOVE-L", "TSHIRT-XS-*": "GLOVE-M"})
    order = world.web_store.add_order(
        [{**WIDGET, "sku": "TSHIRT-L-RED"}, {**WIDGET, "sku": "tshirt-xs-red"}], billing=BILLING
    )
    pay_for(world, order, 5000)
    world.settle()
    assert [row[0] for row in sold(world)] == ["GLOVE-L", "GLOVE-M"]


def test_fees_with_changing_names_go_to_the_item_for_fees() -> None:
    world = SimulatedWorld(1)
    map_items(world, items={"fee:*": "HANDLING", "fee:Gift wrap": "GIFTWRAP"})
    fees = [{"name": "Rush fee 12:30", "amount": 300}, {"name": "Gift wrap", "amount": 200}]
    order = world.web_store.add_order([WIDGET], billing=BILLING, fees=fees)
    pay_for(world, order, 3000)
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [row[0] for row in sold(world)] == ["WIDGET-001", "HANDLING", "GIFTWRAP"]


def test_a_gift_card_that_the_store_keeps_as_a_fee_goes_to_the_item_for_gift_cards() -> None:
    world = SimulatedWorld(1)
    world.p21_tenant.add_item("GIFTCARD", "Gift cards", "0", other_charge=True)
    (path,) = [one for one in shipped() if one.stem == "order_to_cash"]
    workflow = workflow_file.read(path.read_text(encoding="utf-8"))
    settings = {**workflow.settings, "gift_card_item": "GIFTCARD"}
    publish_workflow(world.books, replace(workflow, settings=settings), world.clock.now())
    order = world.web_store.add_order([WIDGET], billing=BILLING, fees=[{"name": "Gift card ABC-1", "amount": -500}])
    pay_for(world, order, 2000)
    world.settle()
    assert end(world).state == "applied", end(world)
    assert [row[0] for row in sold(world)] == ["WIDGET-001", "GIFTCARD"]


def test_a_table_that_stands_apart_maps_items_and_units_without_a_new_version_of_the_workflow() -> None:
    world = with_washers()
    pay_lines(world, '[{"sku": "W-1", "quantity": 3, "unit_amount": 500}]', 1500)
    world.settle()
    assert "P21 has no item 'W-1'" in end(world).sentence
    change = {"W-1": Row("WASHER", "EA")}
    set_rows(world.books, ITEMS, change, PROGRAM, "the shop calls it so", world.clock.now())
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert sold(world) == [("WASHER", 3, "EA")]


def test_a_row_that_stands_apart_counts_before_the_files_own() -> None:
    world = SimulatedWorld(1)
    map_items(world, items={"X": "GLOVE-M"})
    set_rows(world.books, ITEMS, {"X": Row("GLOVE-L")}, PROGRAM, "larger ones", world.clock.now())
    pay_lines(world, '[{"sku": "X", "quantity": 1, "unit_amount": 500}]', 500)
    world.settle()
    assert [row[0] for row in sold(world)] == ["GLOVE-L"]


def test_a_currency_that_nobody_mapped_is_mapped_in_its_table() -> None:
    world = SimulatedWorld(1, shape=Shape(p21_settings={"currencies": {"usd": 1}}))
    customer = world.stripe_account.add_customer(name="Eva", email="eva@example.com", address=BERLIN)
    world.stripe_account.pay(via="checkout", customer=customer, currency="eur", lines=[WIDGET], shipping=to(BERLIN))
    world.settle()
    assert "EUR is not mapped" in end(world).sentence
    set_rows(world.books, "currencies", {"eur": Row("2")}, PROGRAM, "we sell in Europe", world.clock.now())
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
