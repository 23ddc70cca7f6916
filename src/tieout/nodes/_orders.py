"""Makes an order that was read ready for the steps that write it, the same way from every source."""

from __future__ import annotations

from tieout.domain.items import ITEMS, UNITS, Items, with_items
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


def ready_order(
    context: Context, order: Order, named: str, *, required: bool = True
) -> tuple[Order, tuple[Remark, ...]]:
    """The order with items and units, and what is to be told of it. Failed(Fix) when its parts do not come to its total.

    Without ``required`` a line may stay without an item: an invoice by amount can do without.
    """
    gift_card_item = str(context.evaluate("gift_card_item") or "")
    order, remarks = ready(
        order,
        gift_card_item=gift_card_item,
        rounding_item=str(context.evaluate("rounding_item") or ""),
    )
    if missing := imbalance(order):
        raise unfit(context, unbalanced(named, missing), "total")
    tables = Items(context.tables.get(ITEMS, {}), context.tables.get(UNITS, {}), gift_card_item)
    return with_items(order, tables, required=required), remarks
