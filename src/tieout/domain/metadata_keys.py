"""The keys of a payment's metadata that Tieout reads, and which of them do not count beside something else (case A14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tieout.domain.remark import Remark
from tieout.domain.sale import Address, Order, Payment

SHIP_TO = {
    "ship_to_line1": "line1",
    "ship_to_line2": "line2",
    "ship_to_city": "city",
    "ship_to_state": "state",
    "ship_to_postal_code": "postal_code",
    "ship_to_country": "country",
}
ORDER_KEYS = ("lines", "shipping_amount", "shipping_tax_amount", "tax_amount", "discount_amount")
PO_KEYS = ("po_number", "po_no")
KEYS = (
    "ecommerceorderid",
    "erporderid",
    "order_id",
    "order_note",
    "order_number",
    "p21_branch",
    "p21_customer_id",
    "p21_document",
    "p21_invoice_no",
    "p21_location",
    "p21_product",
    "p21_receipt_no",
    "ship_to_name",
    *PO_KEYS,
    *ORDER_KEYS,
    *SHIP_TO,
)
DOCUMENTS = ("invoice", "order")

_LINE_KEY = re.compile(r"line_[1-9][0-9]{0,2}_(sku|quantity|amount|unit_amount|description|unit)", re.ASCII)
_PLAIN = re.compile(r"[^a-z0-9]")


def remarks_of(payment: Payment) -> tuple[Remark, ...]:
    """What of a payment's metadata is found and not used."""
    return (*_overruled(payment), *_told_otherwise(payment), *_misspelt(payment), *_not_understood(payment))


def as_paid(order: Order, metadata: Mapping[str, str]) -> Order:
    """The order with what the payment itself says of it: the buyer's order number, a note, where the goods go."""
    po_no = next((metadata[key].strip() for key in PO_KEYS if metadata.get(key, "").strip()), order.po_no)
    notes = dict.fromkeys(text for text in (metadata.get("order_note", "").strip(), order.note.strip()) if text)
    parts = {part: metadata.get(key, "").strip() for key, part in SHIP_TO.items()}
    changed = _address(order.ship_to, parts)
    name = metadata.get("ship_to_name", "").strip() or order.ship_to_name
    return replace(order, po_no=po_no, note="; ".join(notes), ship_to=changed, ship_to_name=name)


def _address(address: Address, told: Mapping[str, str]) -> Address:
    """Street lines belong together: a new first line brings its own second."""
    if told["line1"]:
        address = replace(address, line1=told["line1"], line2=told["line2"])
    return replace(address, **{part: value for part, value in told.items() if value})


def _overruled(payment: Payment) -> Iterator[Remark]:
    for key, value in payment.beside.items():
        own = payment.metadata.get(key, value)
        if own != value and _is_known(key):
            yield Remark(
                f"metadata.{key}", value, f"the payment itself says {own!r}, which counts before {_holder(payment)}"
            )


def _told_otherwise(payment: Payment) -> Iterator[Remark]:
    teller = _teller(payment)
    for key, value in payment.metadata.items():
        if teller and value.strip() and (key in ORDER_KEYS or _LINE_KEY.fullmatch(key)):
            yield Remark(f"metadata.{key}", value, f"{teller} tells what was bought, so this was not read")


def _misspelt(payment: Payment) -> Iterator[Remark]:
    plain = {_plain(key): key for key in KEYS}
    for key, value in payment.metadata.items():
        meant = plain.get(_plain(key), "")
        if meant and not _is_known(key):
            yield Remark(f"metadata.{key}", value, f"no key is spelt so; {meant} would be read", matters=True)


def _not_understood(payment: Payment) -> Iterator[Remark]:
    document = payment.metadata.get("p21_document", "").strip()
    if document and document not in DOCUMENTS:
        yield Remark(
            "metadata.p21_document", document, "it is neither invoice nor order, so it chose nothing", matters=True
        )


def _teller(payment: Payment) -> str:
    if payment.metadata.get("ecommerceorderid", "").strip():
        return "the order of the web store"
    if payment.session_id:
        return "the Checkout session"
    return "the invoice" if payment.invoice_id else ""


def _holder(payment: Payment) -> str:
    return "its Checkout session" if payment.session_id else "its invoice"


def _is_known(key: str) -> bool:
    return key in KEYS or bool(_LINE_KEY.fullmatch(key))


def _plain(key: str) -> str:
    return _PLAIN.sub("", key.lower())
