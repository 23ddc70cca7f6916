"""Finds items by their id."""

from __future__ import annotations

from tieout.connectors.p21._face import ItemRecord
from tieout.connectors.p21.answers import text_of
from tieout.connectors.p21.filters import eq
from tieout.connectors.p21.odata import OData

COLUMNS = (
    "inv_mast_uid",
    "item_id",
    "item_desc",
    "default_selling_unit",
    "other_charge_item",
    "delete_flag",
    "inactive",
)
ITEM_CHARACTERS_MAX = 40


def find_item(odata: OData, item_id: str) -> ItemRecord | None:
    """The item with that id in any case, or None."""
    wanted = item_id.strip()
    if not wanted or len(wanted) > ITEM_CHARACTERS_MAX or any(ord(c) < 32 for c in wanted):
        return None
    rows = odata.rows("table/inv_mast", eq("item_id", wanted), COLUMNS, "inv_mast_uid")
    for row in rows:
        if text_of(row.get("item_id")).casefold() == wanted.casefold():
            return ItemRecord(
                text_of(row.get("item_id")),
                text_of(row.get("item_desc")),
                text_of(row.get("default_selling_unit")),
                other_charge=text_of(row.get("other_charge_item")) == "Y",
                active="Y" not in (text_of(row.get("delete_flag")), text_of(row.get("inactive"))),
            )
    return None
