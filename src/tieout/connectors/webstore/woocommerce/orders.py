"""Reads WooCommerce's order: amounts are texts in major units ("12.50"), lines are net of discount and without tax."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tieout.domain.sale import Address, Order, OrderLine, Party, per_piece
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money
from tieout.kernel.redact import printable

PO_KEYS = ("_po_number", "po_number", "_billing_po_number", "billing_po_number", "_purchase_order_number")

UNIT_KEYS = ("p21_unit", "_p21_unit", "unit_of_measure", "_unit_of_measure", "uom")
CARD_KEYS = ("_ywgc_applied_gift_cards_totals", "_pw_gift_cards_total", "_gift_cards_total", "_store_credit_total")
CALLED_OFF = ("cancelled", "refunded", "failed", "trash")
CREDIT_COUPONS = ("smart_coupon", "store_credit", "gift_card", "giftcard")

Raw = Mapping[str, Any]

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)


def read_order(raw: Raw) -> Order:
    """The order in our words. Failed(Fix) names an amount or a currency that cannot be read."""
    read = _Amounts(str(raw.get("currency") or "").lower(), _text(raw, "id"))
    goods = tuple(_line(one, read) for one in _objects(raw, "line_items"))
    fees = tuple(_fee(one, read) for one in _objects(raw, "fee_lines"))
    cards = _gift_cards(raw, read)
    meta, billing, shipping = metas(raw), _object(raw, "billing"), _object(raw, "shipping")
    ship_to = shipping if any(_text(shipping, key) for key in ("address_1", "city", "postcode")) else billing
    return Order(
        id=_text(raw, "id"),
        source="woocommerce",
        number=_text(raw, "number") or _text(raw, "id"),
        currency=read.currency,
        lines=goods + fees,
        shipping=read.amount(raw, "shipping_total"),
        tax=read.amount(raw, "total_tax"),
        discount=sum(line.discount for line in goods),
        total=read.exact(raw, "total"),
        buyer=_buyer(billing),
        ship_to_name=_text(ship_to, "company") or _person(ship_to),
        ship_to=_address(ship_to),
        po_no=next((meta[key].strip() for key in PO_KEYS if meta.get(key, "").strip()), ""),
        note=_text(raw, "customer_note"),
        metadata=meta | _coupons(raw),
        shipping_tax=read.amount(raw, "shipping_tax"),
        tax_exempt="exempt" if meta.get("is_vat_exempt", "").strip().lower() == "yes" else "",
        gift_cards=cards,
        called_off=status if (status := _text(raw, "status").lower()) in CALLED_OFF else "",
    )


def metas(raw: Raw) -> dict[str, str]:
    """The order's meta data that are texts or numbers; of a key that stands twice, the later one."""
    found = {}
    for one in _objects(raw, "meta_data"):
        value = one.get("value")
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            found[_text(one, "key")] = str(value)
    return found


class _Amounts:
    """Turns WooCommerce's amounts into whole minor units of the order's currency.

    A shop that takes tax out of its prices computes lines finer than the currency: they are rounded here, one by one.
    """

    def __init__(self, currency: str, order_id: str) -> None:
        self.currency, self._order_id = currency, order_id

    def amount(self, raw: Raw, field: str) -> int:
        """An amount that was computed, rounded; one that is not there is 0."""
        return self._minor(raw, field, Money.rounded)

    def exact(self, raw: Raw, field: str) -> int:
        """An amount that was asked for: the currency must have it."""
        return self._minor(raw, field, Money.of_decimal)

    def _minor(self, raw: Raw, field: str, money: Callable[[Decimal, str], Money]) -> int:
        value = str(raw.get(field) or "0")
        try:
            if not _AMOUNT.fullmatch(value):
                raise ValueError(f"it is {printable(value)[:40]!r}")
            return money(Decimal(value), self.currency).minor
        except ValueError as why:
            sentence = (
                f"The amount {field} of WooCommerce order {self._order_id} cannot be used: {why}. Correct the order in the store, then "
                "replay."
            )
            raise Failed(Fix("webstore.amount", sentence, field=field, value=value[:40])) from None


def _line(raw: Raw, read: _Amounts) -> OrderLine:
    subtotal, net, many = read.amount(raw, "subtotal"), read.amount(raw, "total"), _many(raw)
    return OrderLine(
        id=_text(raw, "id"),
        sku=_text(raw, "sku"),
        description=_text(raw, "name"),
        quantity=many,
        unit_amount=per_piece(subtotal, many),
        subtotal=subtotal,
        discount=subtotal - net,
        tax=read.amount(raw, "total_tax"),
        net=net,
        product_id=_text(raw, "variation_id") if raw.get("variation_id") else _text(raw, "product_id"),
        unit=next((unit.strip() for key in UNIT_KEYS if (unit := metas(raw).get(key, "")).strip()), ""),
    )


def _fee(raw: Raw, read: _Amounts) -> OrderLine:
    """A fee (or, negative, a rebate or a gift card) is a line whose SKU is its name: map it to an other-charge item."""
    net, name = read.amount(raw, "total"), _text(raw, "name")
    return OrderLine(
        id=_text(raw, "id"),
        sku=name,
        description=name,
        quantity=Decimal(1),
        unit_amount=Decimal(net),
        subtotal=net,
        discount=0,
        tax=read.amount(raw, "total_tax"),
        net=net,
        taxable=False if _text(raw, "tax_status") == "none" else None,
        kind="fee",
    )


def _gift_cards(raw: Raw, read: _Amounts) -> int:
    """What gift cards and store credit paid, where the order's total is less by it than its parts."""
    cards = sum(read.amount(one, "amount") for one in _objects(raw, "gift_cards"))
    credits = [one for one in _objects(raw, "coupon_lines") if _text(one, "discount_type") in CREDIT_COUPONS]
    given = (
        cards + sum(read.amount(one, "discount") for one in credits) + sum(_told(raw, key, read) for key in CARD_KEYS)
    )
    parts = [read.amount(one, "total") for name in ("line_items", "fee_lines") for one in _objects(raw, name)]
    over = sum(parts) + read.amount(raw, "shipping_total") + read.amount(raw, "total_tax") - read.amount(raw, "total")
    return given if given and abs(over - given) <= len(parts) else 0


def _told(raw: Raw, key: str, read: _Amounts) -> int:
    """An amount in the order's meta data, as plug-ins for gift cards keep it; 0 for what is none."""
    value = metas(raw).get(key, "0")
    return read.amount({key: value}, key) if _AMOUNT.fullmatch(value) else 0


def _many(raw: Raw) -> Decimal:
    value = raw.get("quantity")
    found = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal(1)
    return found if found.is_finite() else Decimal(1)


def _buyer(billing: Raw) -> Party:
    return Party(
        name=_text(billing, "company") or _person(billing),
        email=_text(billing, "email"),
        phone=_text(billing, "phone"),
        address=_address(billing),
        metadata={"person": _person(billing)} if _person(billing) else {},
    )


def _person(raw: Raw) -> str:
    return f"{_text(raw, 'first_name')} {_text(raw, 'last_name')}".strip()


def _address(raw: Raw) -> Address:
    return Address(
        line1=_text(raw, "address_1"),
        line2=_text(raw, "address_2"),
        city=_text(raw, "city"),
        state=_text(raw, "state"),
        postal_code=_text(raw, "postcode"),
        country=_text(raw, "country"),
    )


def _coupons(raw: Raw) -> dict[str, str]:
    codes = [_text(one, "code") for one in _objects(raw, "coupon_lines")]
    return {"coupons": ", ".join(code for code in codes if code)} if codes else {}


def _text(raw: Raw, field: str) -> str:
    value = raw.get(field)
    return str(value) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""


def _object(raw: Raw, field: str) -> Raw:
    value = raw.get(field)
    return value if isinstance(value, dict) else {}


def _objects(raw: Raw, field: str) -> Sequence[Raw]:
    value = raw.get(field)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
