"""Which P21 item a line sells and in which unit it is counted: by the line itself, else by the tables of items (A10, A15)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tieout.domain.sale import Order, OrderLine
from tieout.kernel.failures import Failed, Fix

ITEMS, UNITS = "items", "items_unit"
FEE, NAME = "fee:", "name:"
GIFT_CARDS = re.compile(r"gift\s?-?card|voucher|store credit|gutschein", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Items:
    """The tables: key → P21 item, key → unit. Keys may hold ``*`` for anything."""

    items: Mapping[str, str]
    units: Mapping[str, str]
    gift_card_item: str = ""


def with_items(order: Order, tables: Items, *, required: bool = True) -> Order:
    """The order with the item and the unit of each line; Failed(Fix) for a line that nothing names, where one is ``required``."""
    lines = tuple(_named(order, number, line, tables, required) for number, line in enumerate(order.lines, 1))
    return replace(order, lines=lines)


def _named(order: Order, number: int, line: OrderLine, tables: Items, required: bool) -> OrderLine:
    keys = tuple(_keys(line))
    row = _row(keys, tables.items)
    item = tables.items[row] if row is not None else _own(line, tables, required)
    if not item and required:
        raise Failed(_unnamed(order, number, line))
    unit = line.unit or _unit(keys, item, row, tables.units)
    return replace(line, item_id=item, unit=unit)


def _keys(line: OrderLine) -> Iterator[str]:
    """What the line may be called in the table, the most exact first."""
    if line.sku:
        yield line.sku
    if line.kind == "fee":
        yield FEE + line.description
    elif line.kind == "goods" and not line.sku:
        yield from (key for key in (line.product_id, line.price_id) if key)
        yield NAME + line.description


def _own(line: OrderLine, tables: Items, required: bool) -> str:
    """What the line itself names; Stripe's own ids are no item where none is required."""
    if line.kind == "fee" and line.net < 0 and tables.gift_card_item and GIFT_CARDS.search(line.description):
        return tables.gift_card_item
    return "" if not required and line.sku in (line.product_id, line.price_id) else line.sku


def _row(keys: tuple[str, ...], rows: Mapping[str, str]) -> str | None:
    exact = next((key for key in keys if key in rows), None)
    if exact is not None:
        return exact
    patterns = sorted((row for row in rows if "*" in row), key=lambda row: (-len(row), row))
    return next((row for row in patterns for key in keys if _fits(row, key)), None)


def _fits(pattern: str, key: str) -> bool:
    return (
        re.fullmatch(".*".join(re.escape(part) for part in pattern.casefold().split("*")), key.casefold()) is not None
    )


def _unit(keys: tuple[str, ...], item: str, row: str | None, units: Mapping[str, str]) -> str:
    return next((units[key] for key in (*keys, *([row] if row else []), item) if key in units), "")


def _unnamed(order: Order, number: int, line: OrderLine) -> Fix:
    called = line.description or line.id
    key = f"{NAME}{line.description}"
    sentence = (
        f"Line {number} ({called}) of {order.source} order {order.number or order.id} has no SKU, so nothing says which P21 item "
        f"it is. Give the product a SKU in the store, or name its item: tieout tables set items '{key}' ITEM --reason … (then "
        "replay)."
    )
    return Fix("order.item", sentence, field=f"lines[{number}].sku", value=called[:80])
