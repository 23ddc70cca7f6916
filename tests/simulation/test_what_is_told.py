"""What a person set arrives in P21 or is said to be unused: metadata, notes, order numbers, long texts (A13, A14)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulation.steps import ADDRESS, BILLING, ONE_LINE, WIDGET, end, pay_for, pay_lines, written
from tests.simulation.test_what_is_sold import DIALECTS, checkout, in_dialect, publish, to, unused
from tests.simulation.world import SimulatedWorld
from tieout.operations.replay import replay_run
from tieout.store import alerts


def header(world: SimulatedWorld) -> dict[str, Any]:
    """The only order that Tieout wrote, in P21's own books."""
    (order,) = written(world, "orders")
    return dict(world.p21_tenant.rows("oe_hdr", order_no=order["key"])[0])


def told(world: SimulatedWorld) -> list[str]:
    with world.books.reading() as db:
        return [one.sentence for one in alerts.latest(db, 50) if one.code == "run.unused"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_keys_on_the_checkout_session_alone_count(dialect: str) -> None:
    world = in_dialect(dialect)
    number = world.p21_tenant.add_customer("Chosen Ltd", (), place="OR")
    said = {"p21_customer_id": str(number), "po_number": "PO 77", "order_note": "Ring twice"}
    checkout(world, [WIDGET], metadata=said, payment_metadata={})
    world.settle()
    assert end(world).state == "applied", end(world)
    found = header(world)
    assert (int(found["customer_id"]), found["po_no"], found["delivery_instructions"]) == (
        number,
        "PO 77",
        "Ring twice",
    )


def test_the_stores_order_id_on_the_checkout_session_alone_counts() -> None:
    world = SimulatedWorld(1)
    order = world.web_store.add_order([WIDGET], billing=BILLING, note="Leave at the gate")
    checkout(world, [WIDGET], metadata={"ecommerceorderid": str(order)}, payment_metadata={})
    world.settle()
    assert end(world).state == "applied", end(world)
    assert header(world)["delivery_instructions"] == "Leave at the gate"
    assert world.web_store.orders()[str(order)]["meta_data"], "its number went back to the store"


def test_the_metadata_of_a_paid_invoice_counts() -> None:
    world = SimulatedWorld(1)
    customer = world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS)
    said = {"po_no": "4500017", "order_note": "Dock 3"}
    world.stripe_account.pay(via="invoice", customer=customer, lines=[WIDGET], metadata=said, payment_metadata={})
    world.settle()
    assert (header(world)["po_no"], header(world)["delivery_instructions"]) == ("4500017", "Dock 3")


def test_what_the_payment_says_counts_before_its_session_and_the_session_is_told() -> None:
    world = SimulatedWorld(1)
    checkout(world, [WIDGET], metadata={"po_number": "OLD"}, payment_metadata={"po_number": "NEW"})
    world.settle()
    assert header(world)["po_no"] == "NEW"
    assert "'NEW'" in unused(world)["metadata.po_number"]


def test_lines_in_the_metadata_beside_checkout_are_told() -> None:
    world = SimulatedWorld(1)
    checkout(world, [WIDGET], metadata={"lines": ONE_LINE, "shipping_amount": "0"})
    world.settle()
    assert unused(world) == {
        "metadata.lines": "the Checkout session tells what was bought, so this was not read",
        "metadata.shipping_amount": "the Checkout session tells what was bought, so this was not read",
    }
    assert told(world) == []


def test_a_key_that_is_spelt_otherwise_is_told_and_alerted() -> None:
    world = SimulatedWorld(1)
    pay_lines(world, ONE_LINE, metadata={"PO-Number": "PO 77"})
    world.settle()
    assert end(world).state == "applied", end(world)
    assert unused(world) == {"metadata.PO-Number": "no key is spelt so; po_number would be read"}
    (sentence,) = told(world)
    assert "metadata.PO-Number (PO 77)" in sentence


def test_a_card_number_in_a_key_that_is_told_is_not_kept() -> None:
    world = SimulatedWorld(1)
    pay_lines(world, ONE_LINE, metadata={"PO-Number": "4242424242424242"})
    world.settle()
    (sentence,) = told(world)
    assert "4242424242424242" not in sentence


def test_the_buyers_fields_of_checkout_arrive() -> None:
    world = SimulatedWorld(1)
    paid = checkout(world, [WIDGET], client_reference_id="cart-9")
    fields = [
        {
            "key": "po",
            "label": {"type": "custom", "custom": "PO # (optional)"},
            "type": "text",
            "text": {"value": "A 1"},
        },
        {
            "key": "gate",
            "label": {"type": "custom", "custom": "Gate code"},
            "type": "numeric",
            "numeric": {"value": "77"},
        },
    ]
    world.stripe_account.alter_row(paid.session, custom_fields=fields)
    world.settle()
    assert (header(world)["po_no"], header(world)["delivery_instructions"]) == ("A 1", "Gate code: 77")


def test_the_shops_own_number_is_no_order_number_of_the_buyer_unless_the_workflow_says_so() -> None:
    world = SimulatedWorld(1)
    checkout(world, [WIDGET], client_reference_id="cart-9")
    world.settle()
    assert header(world)["po_no"] is None
    world = SimulatedWorld(1)
    publish(world, po_no_from="order_number")
    checkout(world, [WIDGET], client_reference_id="cart-9")
    world.settle()
    assert header(world)["po_no"] == "cart-9"


def test_without_a_number_of_the_buyer_the_stores_order_number_is_the_po_number_unless_only_the_buyers_counts() -> None:
    for chosen, expected in (("store", "1001"), ("buyer", None)):
        world = SimulatedWorld(1)
        publish(world, po_no_from=chosen)
        pay_for(world, world.web_store.add_order([WIDGET], billing=BILLING), 2500)
        world.settle()
        assert header(world)["po_no"] == expected


LONG = "Building 7, Loading Dock 12, Southwest Industrial Park, 4711 Old River Road East"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_long_street_runs_over_at_a_word_into_the_second_line(dialect: str) -> None:
    world = in_dialect(dialect)
    checkout(world, [WIDGET], shipping=to({**ADDRESS, "line1": LONG}))
    world.settle()
    assert end(world).state == "applied", end(world)
    found = header(world)
    assert (found["ship2_add1"], found["ship2_add2"]) == (
        "Building 7, Loading Dock 12, Southwest Industrial",
        "Park, 4711 Old River Road East",
    )
    assert unused(world) == {}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_ship_to_without_a_second_line_has_none_of_the_customers_own(dialect: str) -> None:
    world = in_dialect(dialect)
    number = world.p21_tenant.add_customer("Ada Byron Ltd", ("ada@example.com",), place="OR")
    world.p21_tenant.edit("address", {"phys_address2": "Suite 500"}, id=number)
    checkout(world, [WIDGET], shipping=to(ADDRESS))
    world.settle()
    found = header(world)
    assert int(found["customer_id"]) == number
    assert (found["ship2_add1"], found["ship2_add2"] or "") == ("1 Mill Road", "")


def test_a_long_name_runs_over_into_the_address() -> None:
    world = SimulatedWorld(1)
    name = "Department of Applied Physics and Materials Research, Building B"
    checkout(world, [WIDGET], shipping={"name": name, "address": ADDRESS})
    world.settle()
    found = header(world)
    assert (found["ship2_name"], found["ship2_add1"], found["ship2_add2"]) == (
        "Department of Applied Physics and Materials",
        "Research, Building B",
        "1 Mill Road",
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_address_that_does_not_fit_parks_and_goes_on_with_the_lines_of_the_metadata(dialect: str) -> None:
    world = in_dialect(dialect)
    paid = checkout(world, [WIDGET], shipping=to({**ADDRESS, "line1": LONG, "line2": LONG}))
    world.settle()
    assert end(world).state == "parked"
    assert "set ship_to_line1 and ship_to_line2 in the metadata of the payment" in end(world).sentence
    world.stripe_account.edit(
        paid.payment_intent, metadata={"ship_to_line1": "4711 Old River Rd", "ship_to_line2": "Dock 12"}
    )
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world)
    assert (header(world)["ship2_add1"], header(world)["ship2_add2"]) == ("4711 Old River Rd", "Dock 12")


def test_an_order_number_that_p21_cannot_hold_parks_and_goes_on_with_a_shorter_one() -> None:
    world = SimulatedWorld(1)
    paid = checkout(world, [WIDGET], metadata={"po_number": "X" * 60})
    world.settle()
    assert "set po_number in the metadata of the payment" in end(world).sentence
    world.stripe_account.edit(paid.payment_intent, metadata={"po_number": "X-60"})
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()
    assert header(world)["po_no"] == "X-60"


def test_a_note_that_is_too_long_is_cut_at_a_word_and_alerted() -> None:
    world = SimulatedWorld(1)
    note = "Please call before delivery. " * 12
    order = world.web_store.add_order([WIDGET], billing=BILLING, note=note)
    pay_for(world, order, 2500)
    world.settle()
    assert header(world)["delivery_instructions"].endswith((" call", " before", " delivery.", " Please"))
    assert "note" in unused(world)
    assert len(told(world)) == 1


def test_a_long_description_and_a_long_name_are_kept_whole() -> None:
    world = SimulatedWorld(1)
    description = "Widget, small, galvanised, with two washers and a lock nut, packed singly"
    name = "The Amalgamated Northwestern Plumbing and Heating Supply Company of Portland"
    customer = world.stripe_account.add_customer(name=name, email="ada@example.com", address=ADDRESS)
    checkout(world, [{**WIDGET, "description": description}], customer=customer)
    world.settle()
    (order,) = written(world, "orders")
    assert world.p21_tenant.rows("oe_line", order_no=order["key"])[0]["extended_desc"] == description
    row = world.p21_tenant.rows("customer", customer_id=int(order["customer"]))[0]
    assert row["customer_name"] == name
    assert world.p21_tenant.rows("address", id=int(order["customer"]))[0]["name"] == (
        "The Amalgamated Northwestern Plumbing and Heating"
    )
