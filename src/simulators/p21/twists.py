"""Faults that bend a write instead of the wire: rules that change a field, references that come back mangled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulators.faults import Fault

REFERENCES: dict[str, tuple[str, ...]] = {
    "oe_hdr": ("web_reference_no", "job_name", "po_no"),
    "ar_payment_details": ("check_number",),
    "customer": ("legacy_id",),
    "address": ("url",),
    "contacts": ("url",),
    "invoice_hdr": ("external_reference_no",),
    "gl": ("source",),
}
_MANGLE: dict[str, Callable[[str, int], str]] = {
    "upper": lambda text, _: text.upper(),
    "lower": lambda text, _: text.lower(),
    "pad": lambda text, length: text.ljust(length or len(text) + 4),
    "truncate": lambda text, length: text[: length or 8],
}


def twisted(twist: Mapping[str, Fault], table: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values as the bent write stores them."""
    if not twist:
        return values
    bent = dict(values)
    rule = twist.get("change_field")
    if rule and rule.detail.get("table") == table:
        bent[rule.detail["column"]] = rule.detail.get("value")
    mangle = twist.get("mangle_reference")
    if mangle:
        for name in REFERENCES.get(table, ()):
            if bent.get(name):
                how = _MANGLE[mangle.detail.get("how", "upper")]
                bent[name] = how(bent[name], int(mangle.detail.get("length", 0)))
    return bent
