"""Web-store fetch: reads an order from the web store."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tieout.domain.mapping.shapes import schema_of, values_of
from tieout.domain.metadata_keys import as_paid
from tieout.domain.sale import Order, disagreement
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.kernel.money import Money
from tieout.nodes._connection import CONNECTION
from tieout.nodes._node import Context, Done, NodeType, unfit
from tieout.nodes._orders import ORDER_SETTINGS, ready_order


def _run(context: Context) -> Done:
    name, store = context.ports.connections.store(context.text("connection"))
    order_id = str(context.evaluate("id") or "")
    order = store.order(order_id)
    if order is None:
        wrong = f"{name} has no order {order_id[:80]!r}. Correct ecommerceorderid in the Stripe metadata, then replay"
        raise unfit(context, wrong, "id", order_id)
    order, remarks = ready_order(context, as_paid(order, _metadata(context)), f"order {order_id}")
    if order.called_off:
        raise unfit(context, _called_off(context, order), "status", order.called_off)
    if words := _unlike_what_was_paid(context, order):
        raise unfit(context, words, "total")
    return Done(values_of(replace(order, store=name)), remarks=remarks)


def _called_off(context: Context, order: Order) -> str:
    """Somebody called the order off in the store: goods for it would go to nobody who waits for them."""
    paid, currency = context.evaluate("paid"), str(context.evaluate("currency") or order.currency)
    minor = int(paid) if isinstance(paid, Decimal) and paid == paid.to_integral_value() else order.total
    return (
        f"store order {order.number} is {order.called_off} in the store, but {Money(currency.lower(), minor)} were paid: "
        "refund it in Stripe, or set it to processing in the store, then replay"
    )


def _metadata(context: Context) -> dict[str, str]:
    """What the payment says of the order, where the step is given it."""
    told = context.evaluate("metadata")
    return {key: value for key, value in told.items() if isinstance(value, str)} if isinstance(told, dict) else {}


def _unlike_what_was_paid(context: Context, order: Order) -> str:
    paid, currency = context.evaluate("paid"), context.evaluate("currency")
    if paid is None:
        return ""
    if not isinstance(paid, Decimal) or paid != paid.to_integral_value() or not isinstance(currency, str):
        raise unfit(
            context,
            "paid must be whole minor units, and currency its currency. Correct it in the workflow and publish it, then replay",
            "paid",
            str(paid),
        )
    return disagreement(order, int(paid), currency)


NODE = NodeType(
    NodeForm(
        "webstore_fetch",
        "Read the web store's order",
        "read",
        (
            CONNECTION,
            SettingField("id", "expression", "Order id", required=True, type="text"),
            SettingField(
                "paid", "expression", "What was paid for it, in minor units (empty: not compared)", type="number"
            ),
            SettingField("currency", "expression", "Currency of what was paid", type="text"),
            SettingField("metadata", "expression", "What the payment says of it (its metadata)", type="object"),
            *ORDER_SETTINGS,
        ),
        lambda settings: dict(schema_of(Order)),
    ),
    _run,
)
