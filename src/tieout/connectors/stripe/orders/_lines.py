"""What lines of Checkout and of invoices have in common: how many, at how much, and custom fields."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from tieout.connectors.stripe._object import StripeObject

_PO = re.compile(r"(customer)?(po|purchaseorder)(no|nr|num|number|id|ref|reference)?")
_NOT_LETTERS = re.compile(r"[^a-z]")


def quantity(line: StripeObject) -> Decimal:
    """How many; since 2026-03 Stripe may write it as a decimal text (B1). A line without one is one thing."""
    found = line.decimal("quantity_decimal", "quantity")
    return Decimal(1) if found is None else found


def unit_amount(line: StripeObject, price: StripeObject, subtotal: int) -> Decimal:
    """Minor units for one thing; tiered prices have none of their own, so it is what was asked divided by how many."""
    found = line.decimal("pricing.unit_amount_decimal", "unit_amount_decimal")
    found = found if found is not None else price.decimal("unit_amount_decimal", "unit_amount")
    if found is not None:
        return found
    many = quantity(line)
    return Decimal(subtotal) / many if many else Decimal(subtotal)


def po_number(custom_fields: Iterable[StripeObject]) -> str:
    """The buyer's purchase-order number, from a custom field that is called so ("PO number", "purchase_order" …)."""
    for found in custom_fields:
        name = _NOT_LETTERS.sub("", found.text("key", "name").lower())
        if _PO.fullmatch(name):
            return found.text("value", "text.value", "numeric.value", "dropdown.value").strip()
    return ""
