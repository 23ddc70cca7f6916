"""Bugs in what is written: each writes a document that Tieout itself believes to be right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed
from decimal import Decimal
from typing import Any

from tests.canaries._canary import Canary, Replace
from tieout.kernel.failures import Failed, Fix
from tieout.nodes import p21_write

Bend = Callable[[str, dict[str, Any]], dict[str, Any]]
DOCUMENTS = ("sales_order", "invoice")


def _bent(bend: Callable[[], Bend]) -> Callable[[Replace], None]:
    """Every document as ``bend`` makes it of the right one, for all that is sent and all that is compared."""

    def plant(replace: Replace) -> None:
        careful, crooked = vars(p21_write)["_mapped"], bend()

        def mapped(context: Any, entity: str) -> Any:
            applied = careful(context, entity)
            return changed(applied, document=crooked(entity, dict(applied.document)))

        replace(p21_write, "_mapped", mapped)

    return plant


def _customer_of_the_order_before() -> Bend:
    last: list[Any] = []

    def bend(entity: str, document: dict[str, Any]) -> dict[str, Any]:
        if entity not in (*DOCUMENTS, "cash_receipt"):
            return document
        if entity in DOCUMENTS:
            last.append(document["customer_id"])
        return {**document, "customer_id": last[-2] if len(last) > 1 else last[-1]}

    return bend


def _documents(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Replace], None]:
    """Orders and invoices with something changed in each."""
    return _bent(lambda: lambda entity, one: {**one, **change(one)} if entity in DOCUMENTS else one)


def _lines(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Callable[[Replace], None]:
    return _documents(lambda one: {"lines": change([dict(line) for line in one["lines"]])})


def _merged(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    total = str(sum((Decimal(str(line["extended_price"])) for line in lines), Decimal(0)))
    return [{**lines[0], "quantity": "1", "unit_price": total, "extended_price": total}]


def _two_cents_more(document: dict[str, Any]) -> dict[str, Any]:
    first, *rest = (dict(line) for line in document["lines"])
    for name in ("unit_price", "extended_price"):
        first[name] = str(Decimal(str(first[name])) + Decimal("0.02"))
    extended = Decimal(str(first["unit_price"])) * Decimal(str(first["quantity"]))
    return {"lines": [{**first, "extended_price": str(extended)}, *rest],
            "total": str(Decimal(str(document["total"])) + extended - Decimal(str(document["lines"][0]["extended_price"])))}  # fmt: skip


def _packs(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Half as many at twice the price, where that goes evenly; else one more piece costs one piece's share less."""
    for line in lines:
        quantity, each = Decimal(str(line["quantity"])), Decimal(str(line["unit_price"]))
        if quantity % 2 == 0:
            line |= {"quantity": str(quantity / 2), "unit_price": str(each * 2)}
    return lines


def _other_charge() -> Bend:
    def bend(entity: str, document: dict[str, Any]) -> dict[str, Any]:
        if entity == "cash_receipt":
            return {**document, "description": "Stripe ch_3Another000000000000000"}
        if isinstance(paid := document.get("payment"), dict):
            return {**document, "payment": {**paid, "description": "Stripe ch_3Another000000000000000"}}
        return document

    return bend


def _refuses_most() -> Bend:
    seen: list[int] = []

    def bend(entity: str, document: dict[str, Any]) -> dict[str, Any]:
        if entity in DOCUMENTS:
            seen.append(len(seen))
            if seen[-1] % 10 < 6:
                raise Failed(
                    Fix("mapping.invalid", "The order date is not a date. Correct the field map, then replay.")
                )
        return document

    return bend


def _customers_swap_streets() -> Bend:
    last = ["1 Somewhere Else"]

    def bend(entity: str, document: dict[str, Any]) -> dict[str, Any]:
        if entity != "customer" or not document.get("address1"):
            return document
        last.append(document["address1"])
        return {**document, "address1": last[-2]}

    return bend


def _dated(document: dict[str, Any]) -> dict[str, Any]:
    return {"order_date": "2026-01-02", "requested_date": "2026-01-03"}


def _receipts_a_day_late() -> Bend:
    def bend(entity: str, document: dict[str, Any]) -> dict[str, Any]:
        if entity == "cash_receipt":
            return {**document, "date": document["date"][:8] + ("01" if document["date"][8:] != "01" else "02")}
        if isinstance(paid := document.get("payment"), dict):
            return {**document, "payment": {**paid, "date": document["order_date"][:8] + "01"}}
        return document

    return bend


CANARIES = (
    Canary("the customer of the order before", "values", "mirror", _bent(_customer_of_the_order_before)),
    Canary("every ship-to is wrong", "values", "mirror", _documents(lambda _: {"ship_to_address1": "9 Wrong Street"})),
    Canary("every date is 2 January", "values", "mirror", _documents(_dated)),
    Canary("every item is the same", "values", "mirror",
           _lines(lambda lines: [{**line, "item_id": "WIDGET-001"} for line in lines])),
    Canary("every PO number is the same", "values", "mirror", _documents(lambda _: {"po_no": "PO-1"})),
    Canary("all lines are merged", "values", "mirror", _lines(_merged)),
    Canary("two cents too much an order", "values", "mirror", _documents(_two_cents_more)),
    Canary("the receipt names another charge", "values", "mirror", _bent(_other_charge)),
    Canary("six of ten orders are refused", "values", "mirror", _bent(_refuses_most)),
    Canary("packs instead of pieces", "values", "mirror", _lines(_packs)),
    Canary("a new customer gets the street of the one before", "values", "mirror", _bent(_customers_swap_streets)),
    Canary("receipts on another day", "values", "mirror", _bent(_receipts_a_day_late)),
)  # fmt: skip
