"""Web-store fetch: reads an order from the web store."""

from __future__ import annotations

from tieout.domain.mapping.shapes import schema_of, values_of
from tieout.domain.sale import Order, imbalance, unbalanced
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._connection import CONNECTION
from tieout.nodes._node import Context, Done, NodeType, unfit


def _run(context: Context) -> Done:
    name, store = context.ports.connections.store(context.text("connection"))
    order_id = str(context.evaluate("id") or "")
    order = store.order(order_id)
    if order is None:
        wrong = f"{name} has no order {order_id[:80]!r}. Correct ecommerceorderid in the Stripe metadata, then replay"
        raise unfit(context, wrong, "id", order_id)
    if missing := imbalance(order):
        raise unfit(context, unbalanced(f"order {order_id}", missing), "total")
    return Done(values_of(order))


NODE = NodeType(
    NodeForm(
        "webstore_fetch",
        "Read the web store's order",
        "read",
        (CONNECTION, SettingField("id", "expression", "Order id", required=True, type="text")),
        lambda settings: dict(schema_of(Order)),
    ),
    _run,
)
