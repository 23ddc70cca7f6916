"""Makes an order that was read ready for the steps that write it, the same way from every source."""

from __future__ import annotations

from tieout.domain.remark import Remark
from tieout.domain.sale import Order, imbalance, unbalanced
from tieout.domain.selling import ready
from tieout.domain.workflow.form import SettingField
from tieout.nodes._node import Context, unfit

ORDER_SETTINGS = (
    SettingField(
        "gift_card_item", "expression", "Item for what gift cards paid (empty: such orders park)", type="text"
    ),
    SettingField("rounding_item", "expression", "Item for rounding (empty: the largest line takes it)", type="text"),
)


def ready_order(context: Context, order: Order, named: str) -> tuple[Order, tuple[Remark, ...]]:
    """The order with what is to be told of it. Failed(Fix) when its parts do not come to its total."""
    order, remarks = ready(
        order,
        gift_card_item=str(context.evaluate("gift_card_item") or ""),
        rounding_item=str(context.evaluate("rounding_item") or ""),
    )
    if missing := imbalance(order):
        raise unfit(context, unbalanced(named, missing), "total")
    return order, remarks
