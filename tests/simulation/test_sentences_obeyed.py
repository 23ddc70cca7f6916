"""Sentences that can be obeyed: a run is made to park, what its sentence tells is done and nothing else, and the run goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from simulators.faults import Fault
from tests.simulation.steps import BILLING, ONE_LINE, WIDGET, end, ends, pay_for, pay_lines, written
from tests.simulation.test_replays import LOOP
from tests.simulation.test_what_is_sold import DIALECTS, checkout, publish
from tests.simulation.world import Shape, SimulatedWorld
from tieout.app.house import template
from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow.definition import Node
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.operations.retire_workflow import retire_workflow
from tieout.queries.runs import EventLine
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
        world.stripe_account.edit(parked(world).subject, metadata=found)

    return done


def feeds(node_id: str, **fields: str) -> Act:
    """Somebody publishes order_to_cash with other expressions in a node."""

    def done(world: World) -> None:
        shipped = template("order_to_cash")
        nodes = [_fed(node, fields) if node.id == node_id else node for node in shipped.nodes]
        publish_workflow(world.books, replace(shipped, nodes=tuple(nodes)), world.clock.now())

    return done


def changes(node_id: str, **settings: Any) -> Act:
    """Somebody publishes order_to_cash with other settings of a node."""

    def done(world: World) -> None:
        shipped = template("order_to_cash")
        nodes = [replace(n, settings={**n.settings, **settings}) if n.id == node_id else n for n in shipped.nodes]
        publish_workflow(world.books, replace(shipped, nodes=tuple(nodes)), world.clock.now())

    return done


def branches(when: str) -> Act:
    return changes("order_or_invoice", cases=[{"when": when, "next": "write_invoice"}])


def _fed(node: Node, fields: Mapping[str, str]) -> Node:
    now = node.settings["fields"]
    assert isinstance(now, dict)
    return replace(node, settings={**node.settings, "fields": {**now, **fields}})


def parked(world: World) -> EventLine:
    """The only run that is parked."""
    (only,) = (line for line in ends(world) if line.state == "parked")
    return only


def parks(world: World) -> None:
    world.settle()
    assert parked(world)


def replayed(world: World) -> None:
    replay_run(world.books, parked(world).run, world.clock.now())
    world.settle()


def known(name: str) -> Callable[[World], str]:
    return lambda world: str(number_of(world, name))


def with_freight(world: World) -> None:
    order = world.web_store.add_order([WIDGET], billing=BILLING, freight=500)
    pay_for(world, order, 3000)


def lines_of(text: str, amount: int = 2500, **metadata: str) -> Act:
    return lambda world: pay_lines(world, text, amount, metadata=metadata)


def two_alike(world: World) -> None:
    for name in ("Ada Byron North", "Ada Byron South"):
        world.p21_tenant.add_customer(name, ("ada@example.com",), place="OR")
    sells(world)


def units_of_freight(unit: str) -> Act:
    def done(world: World) -> None:
        (item,) = world.p21_tenant.rows("inv_mast", item_id="FREIGHT")
        world.p21_tenant.edit("item_uom", {"unit_of_measure": unit}, inv_mast_uid=item["inv_mast_uid"])

    return done


def ships_to(shift: int) -> Act:
    """The buyer's ship-to is another's from now on (1), or again its own (0)."""

    def done(world: World) -> None:
        number = number_of(world, BUYER)
        world.p21_tenant.edit("ship_to", {"customer_id": number + shift}, ship_to_id=number)

    return done


def store_total(total: str) -> Act:
    def done(world: World) -> None:
        (order,) = world.web_store.orders().values()
        order["total"] = total

    return done


def loops(world: World) -> None:
    retire_workflow(world.books, "order_to_cash", world.clock.now())
    publish_workflow(world.books, workflow_file.read(LOOP), 0)


def shipped_out(world: World) -> None:
    world.settle()
    world.p21_tenant.ship(str(written(world, "orders")[0]["key"]))


def gives_back(amount: int, lines: str) -> Act:
    def done(world: World) -> None:
        world.stripe_account.refund(charge_of(world, end(world).subject), amount, metadata={"refund_lines": lines})

    return done


def twice_paid(world: World) -> None:
    order = world.web_store.add_order([WIDGET], billing=BILLING)
    for _ in range(2):
        pay_for(world, order, 2500)


def lost_in_p21(world: World) -> None:
    world.p21_tenant.faults.plan(Fault("cut", "POST /api/sales/orders"))
    sells(world)
    world.run(world.clock.now() + 3 * 86_400)


def charge_of(world: World, intent: str) -> str:
    (charge,) = {one["object"] for one in world.stripe_account.events() if one["type"] == "charge.succeeded"}
    return str(charge)


COUNTED = (
    """[{item_id: 'WIDGET-001', quantity: number(get(payment.metadata, 'n')), unit_price: 12.5, extended_price: 25}]"""
)
PUMP = {"sku": "PUMP-050", "quantity": 1, "unit_amount": 32900, "description": "Pump"}
NEW_ITEM = '[{"sku": "NEW-1", "quantity": 2, "unit_amount": 1250}]'
TWO = '[{"sku": "WIDGET-001", "quantity": "two", "unit_amount": 1250}]'
SHIPPED = feeds("write_order")
BUYER = "Ada Byron Ltd"

CASES = (
    Asked(
        "p21.refused.credit_hold",
        a_buyer(credit_status="HOLD"),
        "Release the customer's credit hold in P21",
        in_p21("customer", {"credit_status": "GOOD"}, customer_name=BUYER),
    ),
    Asked(
        "p21.refused.po_required",
        a_buyer(po_required=True),
        "Set po_number in the metadata of the payment",
        says(po_number="PO 1"),
    ),
    Asked(
        "p21.refused.po_required",
        a_buyer(po_required=True),
        "lift the customer's PO requirement in P21",
        in_p21("customer", {"po_no_required": "N"}, customer_name=BUYER),
    ),
    Asked(
        "p21.refused.item",
        both(in_p21("inv_mast", {"inactive": "Y"}, item_id="FREIGHT"), with_freight),
        "Create or activate the item",
        in_p21("inv_mast", {"inactive": "N"}, item_id="FREIGHT"),
    ),
    Asked(
        "p21.refused.unit_of_measure",
        both(units_of_freight("CS"), with_freight),
        "Add the unit of measure to the item in P21",
        units_of_freight("EA"),
    ),
    Asked(
        "node.p21_find",
        lines_of(NEW_ITEM),
        "P21 has no item 'NEW-1'",
        lambda world: world.p21_tenant.add_item("NEW-1", "New", "12.50"),
    ),
    Asked(
        "p21.refused.closed_period",
        both(in_p21("periods", {"period_closed": "Y"}, company_no="ACME"), sells),
        "Open the period in P21",
        in_p21("periods", {"period_closed": "N"}, company_no="ACME"),
    ),
    Asked(
        "p21.refused.payment_type",
        both(connect(payment_type_id=99), sells),
        "Set payment_type_id of the connection",
        connect(payment_type_id=5),
    ),
    Asked(
        "p21.refused.bank",
        both(connect(bank_no=99), sells),
        "Set bank_no of the connection",
        connect(bank_no=2),
        (REST,),
    ),
    Asked("p21.refused.terms", both(connect(terms="99"), sells), "Set terms of the connection", connect(terms="1")),
    Asked(
        "p21.refused.terms",
        both(lambda world: publish(world, new_customer_terms="99"), sells),
        "new_customer_terms of the workflow",
        lambda world: publish(world, new_customer_terms="1"),
    ),
    Asked(
        "p21.setting_missing",
        both(connect(salesrep=""), sells),
        "Set salesrep in the P21 connection",
        connect(salesrep="812"),
        (REST, WINDOW),
    ),
    Asked(
        "p21.setting_missing",
        both(connect(payment_type_id=None), sells),
        "Set payment_type_id in the P21 connection",
        connect(payment_type_id=5),
        (REST,),
    ),
    Asked(
        "p21.payment_incomplete",
        both(connect(payment_type_id=None), sells),
        "Set payment_type_id of the P21 connection",
        connect(payment_type_id=5),
        (WINDOW,),
    ),
    Asked(
        "p21.setting_missing",
        both(connect(branch=""), sells),
        "Set branch in the P21 connection",
        connect(branch="01"),
        (REST, WINDOW),
    ),
    Asked(
        "p21.refused.company",
        both(connect(company_id="OTHER"), sells),
        "Correct company_id of the connection",
        connect(company_id="ACME"),
        (REST, WINDOW),
    ),
    Asked(
        "p21.refused.ship_to",
        both(a_buyer(po_required=True), parks, says(po_number="1"), ships_to(1), replayed),
        "Give the customer an active ship-to in P21",
        ships_to(0),
    ),
    Asked(
        "p21.refused.dates",
        both(feeds("write_order", requested_date="date(payment.created, 'yyyy-MM-dd', settings.time_zone)"), sells),
        "Correct the dates in the workflow",
        SHIPPED,
        (WINDOW,),
    ),
    Asked("mapping.invalid", both(feeds("write_order", order_date="'soon'"), sells), "", SHIPPED),
    Asked("expression", both(branches("payment.created > 'x'"), sells), "Correct the workflow and publish it", SHIPPED),
    Asked(
        "node.branch", both(branches("payment.created"), sells), "Correct it in the workflow and publish it", SHIPPED
    ),
    Asked(
        "p21.refused.quantity",
        both(feeds("write_order", lines=COUNTED), lines_of(ONE_LINE, n="0")),
        "Correct the quantity where it comes from",
        says(n="2"),
    ),
    Asked(
        "p21.document.decimals",
        lines_of(ONE_LINE.replace(": 2", ': "2.00000000001"')),
        "Correct it where it comes from",
        says(lines=ONE_LINE),
    ),
    Asked(
        "p21.document.characters",
        both(feeds("write_order", po_no="get(payment.metadata, 'po')"), lines_of(ONE_LINE, po="PO\n1")),
        "Correct it where it comes from",
        says(po="PO 1"),
    ),
    Asked(
        "p21.document.kind",
        both(feeds("write_order", customer_id="get(payment.metadata, 'who')"), lines_of(ONE_LINE, who="Ada")),
        "Correct it where it comes from",
        says(who=known("Ginkgo Controls")),
    ),
    Asked(
        "p21.customer_missing",
        both(feeds("write_order", customer_id="get(payment.metadata, 'who')"), lines_of(ONE_LINE, who="999999")),
        "",
        says(who=known("Ginkgo Controls")),
    ),
    Asked(
        "p21.no_approval",
        sells,
        "set release_orders to at_once",
        connect(release_orders="at_once"),
        (GATEWAY,),
        {"gateway_put_orders": False},
    ),
    Asked(
        "p21.no_approval",
        sells,
        "or to by_hand",
        connect(release_orders="by_hand"),
        (GATEWAY,),
        {"gateway_put_orders": False},
    ),
    Asked(
        "p21.receipt_not_with_order",
        lines_of(ONE_LINE, p21_document="invoice"),
        "receipts_by",
        connect(receipts_by="window"),
        (WINDOW,),
    ),
    Asked(
        "p21.receipt_without_order",
        both(feeds("write_receipt", order_no="''", invoice_no="''"), sells),
        "Feed order_no or invoice_no in the workflow",
        SHIPPED,
        (GATEWAY,),
    ),
    Asked("stripe.id", both(changes("update_stripe", id="'nonsense'"), sells), "", SHIPPED),
    Asked(
        "stripe.missing",
        both(changes("update_stripe", id="'pi_3espvmkvetyoLecWIWMuYDde'"), sells),
        "check the id, then replay",
        SHIPPED,
    ),
    Asked(
        "stripe.refused",
        lines_of(ONE_LINE, **{f"key_{n}": "x" for n in range(49)}),
        "Correct it, then replay",
        says(key_1="", key_2="", key_3=""),
    ),
    Asked(
        "webstore.missing", both(changes("update_store", id="'4711'"), with_freight), "Correct the order id", SHIPPED
    ),
    Asked(
        "webstore.amount",
        both(with_freight, store_total("abc")),
        "Correct the order in the store",
        store_total("30.00"),
    ),
    Asked(
        "loop.changed",
        both(
            loops,
            lines_of(json.dumps([WIDGET, {**PUMP, "sku": "PUMP-XXX"}]), amount=35400),
            parks,
            says(lines=json.dumps([PUMP, WIDGET])),
            replayed,
        ),
        "Put the list into its old order",
        says(lines=json.dumps([WIDGET, PUMP])),
    ),
    Asked(
        "refund.split",
        both(sells, shipped_out, gives_back(1000, '[{"sku": "WIDGET-001", "quantity": 5}]')),
        "Correct refund_lines in its metadata",
        says(refund_lines=""),
    ),
    Asked(
        "node.split_refund",
        both(sells, shipped_out, gives_back(1000, "two")),
        "Correct it in Stripe",
        says(refund_lines=""),
    ),
    Asked(
        "write.conflict",
        twice_paid,
        "Refund or enter the second by hand",
        lambda world: world.stripe_account.refund(charge_of(world, parked(world).subject)),
    ),
    Asked("write.unanswered", lost_in_p21, "", lambda world: world.p21_tenant.faults.clear(), (REST,)),
    Asked(
        "p21.reference_in_use",
        both(connect(reference_fields={"order": "po_no"}), lines_of(ONE_LINE, po_number="PO 1")),
        "let another column carry the reference",
        connect(reference_fields={}),
    ),
    Asked(
        "customer.ambiguous",
        two_alike,
        "Put the right number into the Stripe metadata as p21_customer_id",
        says(p21_customer_id=known("Ada Byron South")),
    ),
    Asked(
        "customer.gone",
        lines_of(ONE_LINE, p21_customer_id="999999"),
        "Correct p21_customer_id in the Stripe metadata",
        says(p21_customer_id=known("Ginkgo Controls")),
    ),
    Asked(
        "customer.gone",
        both(
            lambda world: lines_of(
                ONE_LINE, p21_customer_id=str(world.p21_tenant.add_customer(BUYER, place="OR", active=False))
            )(world)
        ),
        "activate the customer in P21",
        in_p21("customer", {"delete_flag": "N"}, customer_name=BUYER),
    ),
    Asked(
        "node.webstore_fetch",
        lambda world: pay_for(world, 4711, 2500),
        "Correct ecommerceorderid in the Stripe metadata",
        says(ecommerceorderid=lambda world: str(world.web_store.add_order([WIDGET], billing=BILLING))),
    ),
    Asked("stripe.metadata", lines_of(TWO), "Correct it in Stripe", says(lines=ONE_LINE)),
    Asked(
        "node.stripe_fetch",
        lines_of(ONE_LINE.replace("1250", "1200")),
        "Correct its quantities or amounts where they come from",
        says(lines=ONE_LINE),
    ),
    Asked(
        "p21.currency_mismatch",
        a_buyer(currency_id=2),
        "p21_customer_id",
        says(p21_customer_id=known("Ginkgo Controls")),
    ),
    Asked(
        "p21.refused.over_payment",
        both(
            connect(bank_no=99),
            lines_of(ONE_LINE, p21_document="invoice"),
            parks,
            in_p21("invoice_hdr", {"amount_paid": Decimal(20)}, order_no="1000001"),
            connect(bank_no=2),
            replayed,
        ),
        "Take off what was applied",
        in_p21("invoice_hdr", {"amount_paid": Decimal(0)}, order_no="1000001"),
        (REST,),
        {"overpayment": "refuse"},
    ),
    Asked(
        "write.vanished",
        both(
            connect(bank_no=99),
            sells,
            parks,
            in_p21("oe_hdr", {"delete_flag": "Y"}, order_no="1000001"),
            connect(bank_no=2),
            replayed,
        ),
        "replay to have it written again",
        lambda world: None,
        (REST,),
    ),
)


def number_of(world: World, name: str) -> int:
    return int(world.p21_tenant.rows("customer", customer_name=name)[0]["customer_id"])


def code_of(world: World, run: str) -> str:
    with world.books.reading() as db:
        return str(db.execute(sa.select(runs.c.code).where(runs.c.id == run)).scalar_one())


@pytest.mark.parametrize(
    ("case", "dialect"),
    [
        pytest.param(case, dialect, id=f"{case.code} {case.words} {dialect}")
        for case in CASES
        for dialect in case.dialects
    ],
)
def test_what_a_sentence_tells_is_done_and_the_run_goes_on(case: Asked, dialect: str) -> None:
    world = SimulatedWorld(1, shape=Shape(p21_settings=DIALECTS[dialect], p21_options=case.options or {}))
    case.cause(world)
    world.settle()
    asked = parked(world)
    assert code_of(world, asked.run) == case.code, asked.sentence
    assert case.words in asked.sentence
    case.obey(world)
    replay_run(world.books, asked.run, world.clock.now())
    world.settle()
    assert {line.state for line in ends(world)} == {"applied"}, ends(world)
