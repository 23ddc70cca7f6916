"""What the tests of single schedules have in common: who pays for what, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.simulation.world import SimulatedWorld
from tieout.queries.runs import EventLine, event_lines

BILLING = {
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "ada@example.com",
    "address_1": "1 Mill Road",
    "city": "Portland",
    "state": "OR",
    "postcode": "97201",
    "country": "US",
}


ADDRESS = {"line1": "1 Mill Road", "city": "Portland", "state": "OR", "postal_code": "97201", "country": "US"}


WIDGET = {"sku": "WIDGET-001", "quantity": 2, "unit_amount": 1250, "description": "Widget"}


def ends(world: SimulatedWorld) -> list[EventLine]:
    """What became of the payments, newest first."""
    return [line for line in event_lines(world.books, limit=500) if line.run]


def end(world: SimulatedWorld) -> EventLine:
    (only,) = ends(world)
    return only


def written(world: SimulatedWorld, kind: str) -> list[Mapping[str, Any]]:
    """What Tieout wrote into P21 of a kind, what was voided left out."""
    return [row for row in world.p21_tenant.books()[kind] if row["reference"] and not row["voided"]]


def pay_for(world: SimulatedWorld, order: int, amount: int) -> None:
    world.stripe_account.pay(
        via="intent",
        amount=amount,
        currency="usd",
        payment_metadata={"ecommerceorderid": str(order)},
        receipt_email="ada@example.com",
        billing_address=ADDRESS,
        billing_name="Ada Byron",
    )


def pay_lines(world: SimulatedWorld, lines: str, amount: int = 2500, **more: Any) -> str:
    metadata = {"lines": lines, **more.pop("metadata", {})}
    paid = world.stripe_account.pay(
        via="intent",
        amount=amount,
        currency="usd",
        payment_metadata=metadata,
        receipt_email="ada@example.com",
        billing_address=ADDRESS,
        billing_name="Ada Byron",
        **more,
    )
    assert paid.payment_intent
    return paid.payment_intent


ONE_LINE = '[{"sku": "WIDGET-001", "quantity": 2, "unit_amount": 1250, "description": "Widget"}]'


SPLIT = """format = 1
name = 'split'
title = 'One order for each line'
[trigger]
fact = 'payment_succeeded'
[[nodes]]
id = 'read_payment'
type = 'stripe_fetch'
into = 'payment'
next = 'read_order'
[nodes.settings]
what = 'payment'
[[nodes]]
id = 'read_order'
type = 'stripe_fetch'
into = 'order'
next = 'each'
[nodes.settings]
what = 'order'
[[nodes]]
id = 'each'
type = 'for_each'
next = 'tell'
[nodes.settings]
over = 'order.lines'
as = 'line'
body = 'write'
[[nodes]]
id = 'write'
type = 'p21_write'
[nodes.settings]
entity = 'sales_order'
[nodes.settings.fields]
customer_id = "'100001'"
order_date = "date(payment.created, 'yyyy-MM-dd', 'UTC')"
currency = 'payment.currency'
lines = '''[{item_id: line.sku, quantity: line.quantity, unit_price: money(line.unit_amount, order.currency),
  extended_price: money(line.subtotal, order.currency), taxable: false}]'''
total = 'money(line.net, order.currency)'
tax = '0'
[[nodes]]
id = 'tell'
type = 'stripe_update'
[nodes.settings]
object = "'customer'"
id = 'payment.customer.id'
[nodes.settings.fields]
last_payment = 'payment.id'
"""
