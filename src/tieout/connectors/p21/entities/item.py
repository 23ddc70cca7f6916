"""The item: what can stand on an order line. Tieout reads items and never writes them."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity, field

ENTITY = entity(
    "item",
    "Item",
    "item_id",
    (field("item_id", length=40, required=True), field("description", length=40), field("unit_of_measure", length=8)),
    natural_key="inv_mast.item_id",
    written="not written",
    read="OData inv_mast",
)
