"""A WooCommerce order and product as REST v3 shows them: money as text, ``price`` of a line as a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from simulators.webstore.baskets import Line, decimals_of, stamp, written

Row = dict[str, Any]
PERSON = ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country")
RATE_ID = 1


class Desk:
    """Makes orders with the numbers of one store: line, meta and order ids run on."""

    def __init__(self) -> None:
        self._item_ids, self._meta_ids = count(301), count(9001)

    def order(self, order_id: int, currency: str, lines: Sequence[Line], at: float, **more: Any) -> Row:
        """One order; ``more``: billing, shipping, freight, freight_tax, fees, coupon, status, stripe ids, meta, note."""
        decimals = decimals_of(currency)
        text = _Text(decimals)
        fees: list[Row] = list(more.get("fees") or [])
        freight, freight_tax = more.get("freight", 0), more.get("freight_tax", 0)
        cart_tax = sum(line.tax for line in lines) + sum(fee.get("tax", 0) for fee in fees)
        goods = sum(line.total for line in lines) + sum(fee["amount"] for fee in fees)
        discount = sum(line.discount for line in lines)
        paid = stamp(at) if more["status"] in ("processing", "completed") else None
        billing = person(more.get("billing"), ("email", "phone"))
        return {
            "id": order_id,
            "parent_id": 0,
            "status": more["status"],
            "currency": currency.upper(),
            "version": "10.3.4",
            "prices_include_tax": False,
            "date_created": stamp(at),
            "date_modified": stamp(at),
            "discount_total": text(discount),
            "discount_tax": text(0),
            "shipping_total": text(freight),
            "shipping_tax": text(freight_tax),
            "cart_tax": text(cart_tax),
            "total": text(goods + cart_tax + freight + freight_tax),
            "total_tax": text(cart_tax + freight_tax),
            "customer_id": more.get("customer_id", 0),
            "order_key": f"wc_order_Sim{order_id:010d}",
            "billing": billing,
            "shipping": person(more.get("shipping") or more.get("billing"), ("phone",)),
            "payment_method": "stripe",
            "payment_method_title": "Credit / Debit Card",
            "transaction_id": more.get("stripe_charge") or "",
            "customer_ip_address": "203.0.113.9",
            "customer_user_agent": "",
            "created_via": "checkout",
            "customer_note": more.get("note") or "",
            "date_completed": paid if more["status"] == "completed" else None,
            "date_paid": paid,
            "cart_hash": "",
            "number": more.get("number") or str(order_id),
            "meta_data": self.metas(_stripe_metas(more) | dict(more.get("meta") or {})),
            "line_items": [self._line(line, text) for line in lines],
            "tax_lines": self._tax_lines(cart_tax, freight_tax, text),
            "shipping_lines": self._shipping_lines(freight, freight_tax, text),
            "fee_lines": [self._fee(fee, text) for fee in fees],
            "coupon_lines": self._coupons(more.get("coupon"), discount, text),
            "refunds": [],
            "payment_url": "",
            "is_editable": False,
            "needs_payment": paid is None,
            "needs_processing": True,
            "date_created_gmt": stamp(at),
            "date_modified_gmt": stamp(at),
            "date_completed_gmt": paid if more["status"] == "completed" else None,
            "date_paid_gmt": paid,
            "currency_symbol": "$" if currency.upper() == "USD" else currency.upper(),
        }

    def metas(self, values: Mapping[str, Any]) -> list[Row]:
        """meta_data entries."""
        return [{"id": next(self._meta_ids), "key": key, "value": value} for key, value in values.items()]

    def _line(self, line: Line, text: _Text) -> Row:
        # WooCommerce sends this one amount as a plain number, and divides it out: 10 for 3 is 3.333333.
        each = (Decimal(line.total) / (line.quantity or 1)).scaleb(-text.decimals).quantize(Decimal("0.000001"))
        return {
            "id": next(self._item_ids),
            "name": line.description,
            "product_id": line.product_id,
            "variation_id": 0,
            "quantity": line.quantity,
            "tax_class": "",
            "subtotal": text(line.subtotal),
            "subtotal_tax": text(line.tax),
            "total": text(line.total),
            "total_tax": text(line.tax),
            "taxes": _taxes(line.tax, text),
            "meta_data": [],
            "sku": line.sku,
            "price": float(each),
            "image": {"id": "", "src": ""},
            "parent_name": None,
        }

    def _tax_lines(self, cart_tax: int, freight_tax: int, text: _Text) -> list[Row]:
        if not cart_tax and not freight_tax:
            return []
        shown = {"rate_code": "US-SALES-1", "rate_id": RATE_ID, "label": "Sales tax", "compound": False}
        totals = {"tax_total": text(cart_tax), "shipping_tax_total": text(freight_tax)}
        return [{"id": next(self._item_ids), **shown, **totals, "rate_percent": 6, "meta_data": []}]

    def _shipping_lines(self, freight: int, tax: int, text: _Text) -> list[Row]:
        shown = {"method_title": "Ground", "method_id": "flat_rate", "instance_id": "1", "total": text(freight)}
        return [
            {"id": next(self._item_ids), **shown, "total_tax": text(tax), "taxes": _taxes(tax, text), "meta_data": []}
        ]

    def _fee(self, fee: Row, text: _Text) -> Row:
        tax = fee.get("tax", 0)
        shown = {"name": fee.get("name", "Fee"), "tax_class": "", "tax_status": "taxable", "amount": ""}
        totals = {"total": text(fee["amount"]), "total_tax": text(tax), "taxes": _taxes(tax, text)}
        return {"id": next(self._item_ids), **shown, **totals, "meta_data": []}

    def _coupons(self, code: str | None, discount: int, text: _Text) -> list[Row]:
        if not code:
            return []
        return [
            {
                "id": next(self._item_ids),
                "code": code,
                "discount": text(discount),
                "discount_tax": text(0),
                "meta_data": [],
            }
        ]


class _Text:
    """Writes minor units of one currency."""

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals

    def __call__(self, amount: int) -> str:
        return written(amount, self.decimals)


def person(given: Mapping[str, Any] | None, more: tuple[str, ...]) -> Row:
    """A billing or shipping block: every field is there, empty when unknown."""
    return {name: (given or {}).get(name) or "" for name in (*PERSON, *more)}


def product(product_id: int, sku: str, name: str, price: int, currency: str, at: float) -> Row:
    """One product."""
    amount = written(price, decimals_of(currency))
    return {
        "id": product_id,
        "name": name,
        "slug": sku.lower(),
        "permalink": f"https://shop.example/product/{sku.lower()}/",
        "date_created": stamp(at),
        "type": "simple",
        "status": "publish",
        "sku": sku,
        "price": amount,
        "regular_price": amount,
        "sale_price": "",
        "tax_status": "taxable",
        "manage_stock": False,
        "stock_quantity": None,
        "meta_data": [],
    }


def _taxes(amount: int, text: _Text) -> list[Row]:
    return [{"id": RATE_ID, "total": text(amount), "subtotal": text(amount)}] if amount else []


def _stripe_metas(more: Mapping[str, Any]) -> Row:
    intent, customer = more.get("stripe_intent"), more.get("stripe_customer")
    named = {"_stripe_intent_id": intent, "_stripe_customer_id": customer, "_stripe_charge_captured": "yes"}
    return {key: value for key, value in named.items() if value and intent}
