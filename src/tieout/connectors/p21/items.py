"""Finds items by their id."""

from __future__ import annotations

from tieout.connectors.p21._face import ItemRecord
from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.connectors.p21.filters import eq
from tieout.connectors.p21.odata import OData
from tieout.kernel.failures import Failed

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
                units=_selling_units(odata, row.get("inv_mast_uid")),
            )
    return None


def _selling_units(odata: OData, uid: object) -> tuple[str, ...]:
    """The units that the item is sold in; none where this P21 does not show them."""
    where = eq("inv_mast_uid", decimal_of(uid, "inv_mast_uid")) & eq("delete_flag", "N")
    columns = ("inv_mast_uid", "unit_of_measure", "selling_unit", "delete_flag")
    try:
        rows = odata.rows("table/item_uom", where, columns, "unit_of_measure")
    except Failed as error:
        if error.failure.code != "p21.not_offered":
            raise
        return ()
    return tuple(text_of(row.get("unit_of_measure")) for row in rows if text_of(row.get("selling_unit")) != "N")
