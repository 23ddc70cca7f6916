"""What writing fields of an order means in every store: one document, compared in one way."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.domain.writing import Document, Found
from tieout.kernel.redact import printable


def wanted(document: Document) -> tuple[str, dict[str, str]]:
    """The order id and the fields that a document names. ValueError when it is not such a document."""
    order_id, meta = document.get("order_id"), document.get("meta")
    if not isinstance(order_id, str | int) or not isinstance(meta, dict) or not meta:
        raise ValueError("a web-store document has an order_id and a meta with at least one key")
    return str(order_id), {key: str(value) for key, value in meta.items()}


def compared(order_id: str, meta: Mapping[str, str], now: Mapping[str, str]) -> tuple[Found, ...]:
    """Nothing while a field is unset; the order when all are as wanted, with differences when one has another value."""
    differences = tuple(
        f"{key} is {printable(now[key])[:80]!r}, should be {printable(value)[:80]!r}"
        for key, value in meta.items()
        if now.get(key, "") not in ("", value)
    )
    if differences:
        return (Found(order_id, differences),)
    return (Found(order_id),) if all(now.get(key, "") == value for key, value in meta.items()) else ()
