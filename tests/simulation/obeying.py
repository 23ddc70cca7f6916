"""Who makes a run park, and who does what its sentence tells: in Stripe, in P21, in the store, in the workflow, at connect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from simulators.faults import Fault
from tests.simulation.steps import BILLING, ONE_LINE, WIDGET, end, ends, pay_for, pay_lines, written
from tests.simulation.test_released_after_compare import changed, once_at
from tests.simulation.test_replays import LOOP
from tests.simulation.test_what_is_sold import DIALECTS, checkout
from tests.simulation.world import Crash, SimulatedWorld
from tieout.app.house import template
from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow.definition import Node
from tieout.domain.writing import REPLACED_MAX
from tieout.operations.keep_connection import keep_connection
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run
from tieout.operations.retire_workflow import retire_workflow
from tieout.queries.runs import EventLine
from tieout.store.tables import runs

BUYER = "Ada Byron Ltd"
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


def full_of_metadata(world: World) -> None:
    pay_lines(world, ONE_LINE, metadata={f"key_{n}": "x" for n in range(49)})


def whoever(world: World) -> None:
    """order_to_cash for whom the payment's metadata names."""
    shipped, who = template("order_to_cash"), {"customer_id": "get(payment.metadata, 'who')"}
    nodes = [_fed(node, who) if node.id in ("write_order", "write_receipt") else node for node in shipped.nodes]
    publish_workflow(world.books, replace(shipped, nodes=tuple(nodes)), world.clock.now())


def before_its_approval(values: dict[str, Any]) -> Act:
    return lambda world: changed(world, "oe_hdr", values)


def deleted_before_its_approval(world: World) -> None:
    """The process dies when the order was compared; before it comes back, the order is not in P21 any more."""

    def meanwhile() -> None:
        orders = world.p21_tenant.state["oe_hdr"]
        for row in list(orders.where(order_no=written(world, "orders")[0]["key"])):
            orders.remove(row)
        raise Crash

    done = once_at("approve.after_compare", meanwhile)
    sells(world)
    world.settle()
    done()


def nothing(world: World) -> None:
    """The sentence asks for a replay alone."""


def customer_says(name: str) -> Act:
    def done(world: World) -> None:
        (customer,) = {one["object"] for one in world.stripe_account.events() if one["type"] == "customer.created"}
        world.stripe_account.edit(str(customer), metadata={"p21_customer_id": known(name)(world)})

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
    with world.stripe_account._open() as books:
        return str(books.need(intent)["latest_charge"])


def number_of(world: World, name: str) -> int:
    return int(world.p21_tenant.rows("customer", customer_name=name)[0]["customer_id"])


def code_of(world: World, run: str) -> str:
    with world.books.reading() as db:
        return str(db.execute(sa.select(runs.c.code).where(runs.c.id == run)).scalar_one())


def payment_lost(world: World) -> None:
    """The payment that came with an order is deleted in P21 before it is looked at."""

    def meanwhile() -> None:
        payments = world.p21_tenant.state["ar_payment_details"]
        for row in list(payments.rows):
            payments.remove(row)

    done = once_at("approve.after_approval", meanwhile)
    sells(world)
    world.settle()
    done()


def without_a_column(world: World) -> None:
    """OData does not know a column that is asked for; nobody has refreshed its service."""
    world.p21_tenant.faults.plan(Fault("schema_drift", "odata", detail={"column": "customer_name"}))
    sells(world)
    world.run(world.clock.now() + 3600)


def may_only_read(answer: bool) -> Act:
    """The store's key is given for reading only, or for writing too."""

    def done(world: World) -> None:
        world.web_store._read_only = answer

    return done


def locked(*statuses: str) -> Act:
    """A plugin of the store lets nobody change orders in these statuses."""

    def done(world: World) -> None:
        world.web_store.locked = set(statuses)

    return done


def moves(world: World) -> None:
    """The store is at another address from now on."""
    world.web_store.moved_to = "127.0.0.1:2"


def store_at(url: str) -> Act:
    """A person connects the store at an address."""

    def done(world: World) -> None:
        secret = {"consumer_key": "ck_" + "0" * 40, "consumer_secret": "cs_" + "0" * 40}
        settings = {"url": url, "settle_seconds": 5}
        keep_connection(world.books, world.vault, "webstore", "woocommerce", settings, secret)

    return done


def cancelled_each_time(world: World) -> None:
    """Whatever is entered for the order, somebody cancels it before its run has ended."""
    deleted = before_its_approval({"cancel_flag": "Y"})
    deleted(world)
    for _ in range(REPLACED_MAX):
        done = once_at("approve.after_compare", lambda: _dies_after(world, _cancel))
        replayed(world)
        done()
    replayed(world)


def _cancel(world: World) -> None:
    world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, cancel_flag="N")


def _dies_after(world: World, act: Act) -> None:
    act(world)
    raise Crash


def gives_all_back(world: World) -> None:
    world.stripe_account.refund(charge_of(world, parked(world).subject))


def store_status(status: str) -> Act:
    """A person sets the order in the store to a status."""

    def done(world: World) -> None:
        (order,) = world.web_store.orders()
        world.web_store.set_status(int(order), status)

    return done
