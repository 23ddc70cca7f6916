"""P21 find: looks a record up by its key."""

from __future__ import annotations

from tieout.connectors.p21._face import ItemRecord
from tieout.domain.mapping.shapes import schema_of, values_of
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._connection import CONNECTION
from tieout.nodes._node import Context, Done, NodeType, unfit

SHOWN_MAX = 80


def _run(context: Context) -> Done:
    _, p21 = context.ports.connections.p21(context.text("connection"))
    key = str(context.evaluate("key") or "")
    record = p21.item(key) if key else None
    wanted, called = key[:SHOWN_MAX], str(context.evaluate("called", "''") or key)[:SHOWN_MAX]
    if record is None:
        raise unfit(
            context,
            f"P21 has no item {wanted!r} (needed for {called}). Create it in P21, or map it to an item in the "
            "tables (tieout tables set items …), then replay",
            "item_id",
            key,
        )
    if not record.active:
        raise unfit(
            context, f"P21 item {wanted!r} (needed for {called}) is inactive. Activate it, then replay", "item_id", key
        )
    unit = str(context.evaluate("unit") or "")
    if not unit and len(record.units) > 1:
        words = _which_unit(record, called) if "unit" in context.node.settings else _no_unit(record, called)
        raise unfit(context, words, "unit_of_measure", key)
    if unit and record.units and unit.casefold() not in {one.casefold() for one in record.units}:
        raise unfit(context, _other_unit(record, called, unit), "unit_of_measure", unit)
    return Done(values_of(record))


def _other_unit(record: ItemRecord, called: str, unit: str) -> str:
    return (
        f"P21 item {record.item_id!r} (needed for {called}) is sold by {', '.join(record.units)}, not by {unit[:SHOWN_MAX]!r}. "
        "Correct the unit where it was named (p21_unit in Stripe or on the store's line, unit in the metadata's lines, or the "
        "tables), or add it to the item in P21, then replay"
    )


def _no_unit(record: ItemRecord, called: str) -> str:
    return (
        f"P21 item {record.item_id!r} (needed for {called}) is sold by {', '.join(record.units)}, and this workflow tells P21 no "
        "unit: it is of a version that knew none. Publish the shipped one (or feed unit here, and unit_of_measure in the lines), "
        "then replay"
    )


def _which_unit(record: ItemRecord, called: str) -> str:
    default = f" ({record.unit_of_measure} by default)" if record.unit_of_measure else ""
    return (
        f"P21 item {record.item_id!r} (needed for {called}) is sold by {', '.join(record.units)}{default}, and nothing says which "
        "of them the quantity counts. Set p21_unit in the metadata of the Stripe price or product or on the store's line, or "
        f"name it in the tables: tieout tables set items {record.item_id} {record.item_id} --unit … --reason …, then replay"
    )


NODE = NodeType(
    NodeForm(
        "p21_find",
        "Find the P21 item",
        "read",
        (
            CONNECTION,
            SettingField("key", "expression", "Item id", required=True, type="text"),
            SettingField("called", "expression", "What the buyer knows it by", type="text"),
            SettingField(
                "unit", "expression", "The unit that is counted (empty: the only one it is sold in)", type="text"
            ),
        ),
        lambda settings: dict(schema_of(ItemRecord)),
    ),
    _run,
)
