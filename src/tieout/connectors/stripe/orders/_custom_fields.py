"""What a buyer typed into the custom fields of Checkout or of an invoice."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tieout.connectors.stripe._object import StripeObject

_PO = re.compile(r"(your|customer|client)?(po|purchaseorder)(no|nr|num|number|id|ref|reference)?")
_ASIDE = re.compile(r"[(\[].*?[)\]]")
_NOT_LETTERS = re.compile(r"[^a-z]")
_VALUES = ("value", "text.value", "numeric.value", "dropdown.value")


def po_number(custom_fields: Iterable[StripeObject]) -> str:
    """The buyer's purchase-order number, from a field that is called so ("PO # (optional)", "purchase_order" …)."""
    return next((found.text(*_VALUES).strip() for found in custom_fields if _asks_for_po(found)), "")


def remaining_notes(custom_fields: Iterable[StripeObject]) -> str:
    """What the other fields say, each with its label, as one note for people."""
    told = ((_label(found), found.text(*_VALUES).strip()) for found in custom_fields if not _asks_for_po(found))
    return "; ".join(f"{label}: {value}" for label, value in told if value)


def _asks_for_po(found: StripeObject) -> bool:
    named = (found.text("key"), found.text("label.custom"), found.text("name"))
    return any(_PO.fullmatch(_plain(name)) for name in named if name)


def _plain(name: str) -> str:
    letters = _NOT_LETTERS.sub("", _ASIDE.sub("", name.lower()))
    return letters.removesuffix("optional").removesuffix("required").removesuffix("ifany")


def _label(found: StripeObject) -> str:
    return found.text("label.custom", "name", "key").strip().rstrip(":")
