"""A store of nobody's make: what its sentences tell is done, in the store or in the connection, and the run goes on (cases A2, A4, A10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulators.webstore import GenericOrderSource
from simulators.world import World
from tests.integration.test_webstore import FIELDS, LINE_FIELDS
from tests.simulation.obeying import code_of, number_of, parked
from tests.simulation.steps import ADDRESS, WIDGET, end, ends, written
from tests.simulation.test_what_is_sold import publish
from tests.simulation.transport import SimulatorTransport
from tests.simulation.world import SimulatedWorld
from tieout.operations.keep_connection import keep_connection
from tieout.operations.replay import replay_run

SHOP = "http://127.0.0.1:1"
GIVEN: dict[str, Any] = {
    **FIELDS,
    "buyer.name": "order.order.buyer.fullName",
    "status": "get(order.order, 'status') ?? 'paid'",
}


class GenericWorld(SimulatedWorld):
    """A world whose store is a generic one; ``shop`` is it."""

    def _connect(self) -> None:
        super()._connect()
        self.shop = GenericOrderSource(World(1, self.clock))
        self.reads()

    def _transport(self, name: str) -> SimulatorTransport:
        return SimulatorTransport(self.shop, self.clock) if name == "webstore" else super()._transport(name)

    def reads(self, fields: dict[str, str] | None = None, lines: dict[str, str] | None = None) -> None:
        """Connect the store with other expressions for its fields."""
        settings = {
            "url": f"{SHOP}/api/orders/{{id}}", "update_url": f"{SHOP}/api/orders/{{id}}", "update_method": "PATCH",
            "auth": "header", "settle_seconds": 5, "fields": {**GIVEN, **(fields or {})},
            "line_fields": {**LINE_FIELDS, **(lines or {})},
        }  # fmt: skip
        keep_connection(self.books, self.vault, "webstore", "generic", settings, {"token": "Bearer shop-token"})

    def sells(self, paid: int = 2500, **more: Any) -> None:
        """The shop has an order, with more members at its top, and it is paid."""
        self.shop.add_order("A-1", [WIDGET], buyer={"mail": "ada@example.com", "fullName": "Ada Byron"})
        self.corrected(**more)
        self.stripe_account.pay(
            via="intent", amount=paid, currency="usd", payment_metadata={"ecommerceorderid": "A-1"},
            receipt_email="ada@example.com", billing_address=ADDRESS, billing_name="Ada Byron",
        )  # fmt: skip
        self.settle()

    def corrected(self, **members: Any) -> None:
        """A person changes members of the order in the shop."""
        body = self.shop.orders()["A-1"]["order"]
        self.shop.add_body("A-1", {"order": {**body, **members}})

    def goes_on(self, code: str, words: str, obey: Callable[[], object]) -> None:
        """It is parked with that code and these words; what they tell is done, and it goes on."""
        asked = parked(self)
        assert (code_of(self, asked.run), words in asked.sentence) == (code, True), asked.sentence
        obey()
        replay_run(self.books, asked.run, self.clock.now())
        self.settle()
        assert [line.state for line in ends(self)] == ["applied"], end(self)
        (order,) = written(self, "orders")
        assert order["key"] in str(self.shop.orders()["A-1"]), self.shop.orders()


def test_an_expression_of_the_connection_that_finds_nothing_is_corrected_there() -> None:
    world = GenericWorld(1)
    world.reads({"total": "order.order.totals.sum"})
    world.sells()
    world.goes_on("webstore.field", "the expression in the connection's field map", world.reads)


def test_a_field_that_cannot_be_used_is_corrected_in_the_store() -> None:
    world = GenericWorld(1)
    world.sells(totals={"grand": "twenty-five", "tax": "0"})
    world.goes_on("webstore.field", "Correct the order", lambda: world.corrected(totals={"grand": "25.00", "tax": "0"}))


@pytest.mark.parametrize("word", ["cancelled", "refunded", "failed", "trash"])
def test_an_order_that_the_store_called_off_goes_on_when_it_is_set_back(word: str) -> None:
    world = GenericWorld(1)
    world.sells(status=word)
    world.goes_on(
        "node.webstore_fetch",
        f"is {word} in the store, but 25.00 USD were paid",
        lambda: world.corrected(status="paid"),
    )


def test_the_stores_line_names_its_unit_when_the_item_has_several() -> None:
    world = GenericWorld(1)
    world.p21_tenant.add_item("PACK-1", "Packed", "12.50", units=("CS", "EA"))
    world.reads(lines={"sku": "'PACK-1'", "unit": "get(line, 'unit')"})
    world.sells()
    (item,) = world.shop.orders()["A-1"]["order"]["items"]
    world.goes_on("node.p21_find", "unit", lambda: world.corrected(items=[{**item, "unit": "EA"}]))
    assert [row["unit_of_measure"] for row in world.p21_tenant.rows("oe_line")] == ["EA"]


def test_what_a_gift_card_paid_is_written_when_the_workflow_names_its_item() -> None:
    world = GenericWorld(1)
    world.p21_tenant.add_item("GIFT", "Gift card", "0.00", other_charge=True)
    world.reads({"gift_cards": "get(order.order, 'giftCards')"})
    world.sells(paid=2000, giftCards="5.00", totals={"grand": "20.00", "tax": "0"})
    world.goes_on("order.gift_card", "gift_card_item", lambda: publish(world, gift_card_item="GIFT"))


@pytest.mark.parametrize("where", ["Ada Byron South", "Ada Byron North"])
def test_what_the_order_says_of_its_customer_counts_before_what_was_found_before(where: str) -> None:
    world = GenericWorld(1)
    for name in ("Ada Byron North", "Ada Byron South"):
        world.p21_tenant.add_customer(name, ("ada@example.com",), place="OR")
    number = str(number_of(world, where))
    world.sells()
    world.goes_on(
        "customer.ambiguous",
        "p21_customer_id",
        lambda: world.stripe_account.edit(parked(world).subject, metadata={"p21_customer_id": number}),
    )
    assert {str(row["customer_id"]) for row in world.p21_tenant.rows("oe_hdr")} == {number}
