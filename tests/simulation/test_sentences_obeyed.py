"""Sentences that can be obeyed: a run is made to park, what its sentence tells is done and nothing else, and the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.simulation.steps import ADDRESS, BILLING, ONE_LINE, WIDGET, end, pay_for, pay_lines, written
from tests.simulation.test_what_is_sold import DIALECTS, checkout, publish
from tests.simulation.world import Shape, SimulatedWorld
from tieout.app.house import template
from tieout.domain.workflow.definition import Node
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.store.tables import runs

World = SimulatedWorld
Act = Callable[[World], Any]
REST, WINDOW, GATEWAY = DIALECTS
EVERY = tuple(DIALECTS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What makes a run park with a code, words of its sentence that say what to do, and a person who does it."""

    code: str
    cause: Act
    words: str
    obey: Act
    dialects: tuple[str, ...] = EVERY
    settings: Mapping[str, Any] | None = None
    options: Mapping[str, Any] | None = None


def sells(world: World, **more: Any) -> None:
    checkout(world, [WIDGET], **more)


def a_buyer(**more: Any) -> Act:
    """Ada Byron Ltd buys, a customer that P21 has already."""

    def cause(world: World) -> None:
        world.p21_tenant.add_customer(BUYER, ("ada@example.com",), place="OR", **more)
        sells(world)

    return cause


def in_p21(table: str, changes: dict[str, Any], **where: Any) -> Act:
    return lambda world: world.p21_tenant.edit(table, changes, **where)


def both(*acts: Act) -> Act:
    def done(world: World) -> None:
        for act in acts:
            act(world)

    return done


def connect(**settings: Any) -> Act:
    """What tieout connect does with other settings of the P21 connection."""

    def done(world: World) -> None:
        world._settings = {**world._settings, **settings}
        world._connect()

    return done


def says(**metadata: Any) -> Act:
    """A person writes into the metadata of the payment, in Stripe; a value may be found in the world first."""

    def done(world: World) -> None:
        found = {key: value(world) if callable(value) else value for key, value in metadata.items()}
        world.stripe_account.edit(end(world).subject, metadata=found)

    return done


def feeds(node_id: str, **fields: str) -> Act:
    """Somebody publishes order_to_cash with other expressions in a node."""

    def done(world: World) -> None:
        shipped = template("order_to_cash")
        nodes = [_fed(node, fields) if node.id == node_id else node for node in shipped.nodes]
        publish_workflow(world.books, replace(shipped, nodes=tuple(nodes)), world.clock.now())

    return done


def _fed(node: Node, fields: Mapping[str, str]) -> Node:
    now = node.settings["fields"]
    assert isinstance(now, dict)
    return replace(node, settings={**node.settings, "fields": {**now, **fields}})


def parks(world: World) -> None:
    world.settle()
    assert end(world).state == "parked", end(world)


def replayed(world: World) -> None:
    replay_run(world.books, end(world).run, world.clock.now())
    world.settle()


def known(name: str) -> Callable[[World], str]:
    return lambda world: str(number_of(world, name))


def with_freight(world: World) -> None:
    order = world.web_store.add_order([WIDGET], billing=BILLING, freight=500)
    pay_for(world, order, 3000)


def lines_of(text: str, **metadata: str) -> Act:
    return lambda world: pay_lines(world, text, metadata=metadata)


def mailbox(world: World) -> None:
    sells(world, customer=world.stripe_account.add_customer(name="Ada", email="ap@sharedbooks.example", address=ADDRESS))


def units_of_freight(unit: str) -> Act:
    def done(world: World) -> None:
        (item,) = world.p21_tenant.rows("inv_mast", item_id="FREIGHT")
        world.p21_tenant.edit("item_uom", {"unit_of_measure": unit}, inv_mast_uid=item["inv_mast_uid"])

    return done


def gone_from_p21(world: World) -> None:
    (order,) = written(world, "orders")
    for table in ("oe_hdr", "oe_line"):
        for row in list(world.p21_tenant.state[table].where(order_no=order["key"])):
            world.p21_tenant.state[table].rows.remove(row)


NEW_ITEM = '[{"sku": "NEW-1", "quantity": 2, "unit_amount": 1250}]'
TWO = '[{"sku": "WIDGET-001", "quantity": "two", "unit_amount": 1250}]'
SHIPPED = feeds("write_order")
BUYER = "Ada Byron Ltd"

CASES = (
    Asked("p21.refused.credit_hold", a_buyer(credit_status="HOLD"), "Release the customer's credit hold in P21",
          in_p21("customer", {"credit_status": "GOOD"}, customer_name=BUYER)),
    Asked("p21.refused.po_required", a_buyer(po_required=True), "Set po_number in the metadata of the payment", says(po_number="PO 1")),
    Asked("p21.refused.po_required", a_buyer(po_required=True), "lift the customer's PO requirement in P21",
          in_p21("customer", {"po_no_required": "N"}, customer_name=BUYER)),
    Asked("p21.refused.item", both(in_p21("inv_mast", {"inactive": "Y"}, item_id="FREIGHT"), with_freight), "Create or activate the item",
          in_p21("inv_mast", {"inactive": "N"}, item_id="FREIGHT")),
    Asked("p21.refused.unit_of_measure", both(units_of_freight("CS"), with_freight), "Add the unit of measure to the item in P21",
          units_of_freight("EA")),
    Asked("node.p21_find", lines_of(NEW_ITEM), "P21 has no item 'NEW-1'",
          lambda world: world.p21_tenant.add_item("NEW-1", "New", "12.50")),
    Asked("p21.refused.closed_period", both(in_p21("periods", {"period_closed": "Y"}, company_no="ACME"), sells), "Open the period in P21",
          in_p21("periods", {"period_closed": "N"}, company_no="ACME")),
    Asked("p21.refused.payment_type", both(connect(payment_type_id=99), sells), "Set payment_type_id of the connection", connect(payment_type_id=5)),
    Asked("p21.refused.bank", both(connect(bank_no=99), sells), "Set bank_no of the connection", connect(bank_no=2), (REST,)),
    Asked("p21.refused.terms", both(connect(terms="99"), sells), "Set terms of the connection", connect(terms="1")),
    Asked("p21.refused.terms", both(lambda world: publish(world, new_customer_terms="99"), sells), "new_customer_terms of the workflow",
          lambda world: publish(world, new_customer_terms="1")),
    Asked("p21.setting_missing", both(connect(salesrep=""), sells), "Set salesrep in the P21 connection", connect(salesrep="812"), (REST, WINDOW)),
    Asked("p21.setting_missing", both(connect(payment_type_id=None), sells), "Set payment_type_id in the P21 connection", connect(payment_type_id=5)),
    Asked("p21.payment_incomplete", both(connect(payment_type_id=None), sells), "Set payment_type_id of the P21 connection", connect(payment_type_id=5), (WINDOW,)),
    Asked("p21.setting_missing", both(connect(branch=""), sells), "Set branch in the P21 connection", connect(branch="01")),
    Asked("p21.refused.company", both(connect(company_id="OTHER"), sells), "Correct company_id of the connection", connect(company_id="ACME"), (REST, WINDOW)),
    Asked("p21.refused.ship_to", both(a_buyer, in_p21("ship_to", {"customer_id": 1}, customer_id=1)), "ship-to", sells),
    Asked("p21.refused.dates", both(feeds("write_order", requested_date="date(payment.created, 'yyyy-MM-dd', settings.time_zone)"), sells),
          "Correct the dates in the workflow", SHIPPED, (WINDOW,)),
    Asked("p21.document.total", both(feeds("write_order", total="money(order.total, order.currency) + 1"), sells), "total in the workflow", SHIPPED),
    Asked("mapping.invalid", both(feeds("write_order", order_date="'soon'"), sells), "", SHIPPED),
    Asked("expression", both(feeds("write_order", order_date="payment.created > 'x'"), sells), "", SHIPPED),
    Asked("p21.reference_in_use", both(connect(reference_fields={"order": "po_no"}), lines_of(ONE_LINE, po_number="PO 1")),
          "let another column carry the reference", connect(reference_fields={})),
    Asked("customer.ambiguous", mailbox, "Put the right number into the Stripe metadata as p21_customer_id",
          says(p21_customer_id=known("Shared Mailbox South"))),
    Asked("customer.gone", lines_of(ONE_LINE, p21_customer_id="999999"), "Correct p21_customer_id in the Stripe metadata",
          says(p21_customer_id=known("Ginkgo Controls"))),
    Asked("customer.gone", both(lambda world: lines_of(ONE_LINE, p21_customer_id=str(world.p21_tenant.add_customer(BUYER, place="OR", active=False)))(world)),
          "activate the customer in P21", in_p21("customer", {"delete_flag": "N"}, customer_name=BUYER)),
    Asked("node.webstore_fetch", lambda world: pay_for(world, 4711, 2500), "Correct ecommerceorderid in the Stripe metadata",
          says(ecommerceorderid=lambda world: str(world.web_store.add_order([WIDGET], billing=BILLING)))),
    Asked("stripe.metadata", lines_of(TWO), "Correct it in Stripe", says(lines=ONE_LINE)),
    Asked("node.stripe_fetch", lines_of(ONE_LINE.replace("1250", "1200")), "Correct its quantities or amounts where they come from", says(lines=ONE_LINE)),
    Asked("p21.currency_mismatch", a_buyer(currency_id=2), "p21_customer_id", says(p21_customer_id=known("Ginkgo Controls"))),
    Asked("p21.refused.over_payment", both(connect(bank_no=99), lambda world: lines_of(ONE_LINE, p21_document="invoice")(world), parks,
          in_p21("invoice_hdr", {"amount_paid": Decimal(20)}, order_no="1000001"), connect(bank_no=2), replayed), "Take off what was applied",
          in_p21("invoice_hdr", {"amount_paid": Decimal(0)}, order_no="1000001"), (REST,), options={"overpayment": "refuse"}),
    Asked("write.vanished", both(connect(bank_no=99), sells, parks, gone_from_p21, connect(bank_no=2), replayed), "", lambda world: None, (REST,)),
)


def number_of(world: World, name: str) -> int:
    return int(world.p21_tenant.rows("customer", customer_name=name)[0]["customer_id"])


def code_of(world: World) -> str:
    with world.books.reading() as db:
        return str(db.execute(sa.select(runs.c.code).where(runs.c.id == end(world).run)).scalar_one())


@pytest.mark.parametrize(
    ("case", "dialect"),
    [pytest.param(case, dialect, id=f"{case.code} {case.words} {dialect}") for case in CASES for dialect in case.dialects],
)
def test_what_a_sentence_tells_is_done_and_the_run_goes_on(case: Asked, dialect: str) -> None:
    world = SimulatedWorld(1, shape=Shape(p21_settings={**DIALECTS[dialect], **(case.settings or {})}, p21_options=case.options or {}))
    case.cause(world)
    world.settle()
    asked = end(world)
    assert asked.state == "parked", asked
    assert code_of(world) == case.code, asked.sentence
    assert case.words in asked.sentence
    case.obey(world)
    replay_run(world.books, asked.run, world.clock.now())
    world.settle()
    assert end(world).state == "applied", end(world).sentence
