"""An order from the metadata of a payment: for shops that tell Stripe nothing but a few keys.

Either ``lines``, a JSON list of ``{"sku", "quantity", "unit_amount", "description", "unit"}``, or ``line_1_sku``,
``line_1_quantity``, ``line_1_amount`` and so on. Amounts are whole minor units, ``unit_amount`` and ``line_1_amount``
for one thing. ``shipping_amount``, ``tax_amount`` and ``discount_amount`` may stand beside them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from tieout.domain.sale import Order, OrderLine, Payment, per_piece
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import share_out
from tieout.kernel.redact import printable

LINES_MAX = 200
NUMBERS = ("erporderid", "ecommerceorderid", "order_number", "order_id")

_NUMBERED = re.compile(r"line_([1-9][0-9]{0,2})_(sku|quantity|amount|unit_amount|description|unit)", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_HALF = re.compile(r"[\ud800-\udfff]")

Raw = Mapping[str, Any]


def metadata_order(payment: Payment) -> Order | None:
    """The order, or None when the metadata names no lines. Failed(Fix) names the key that cannot be read."""
    raw = _listed(payment.metadata) or _numbered(payment.metadata)
    if not raw:
        return None
    plain = [_line(one, where) for where, one in raw]
    lines = _discounted(plain, _amount(payment.metadata, "discount_amount"))
    return Order(
        id=payment.id,
        source="metadata",
        number=order_number(payment.metadata),
        currency=payment.currency,
        lines=lines,
        shipping=_amount(payment.metadata, "shipping_amount"),
        tax=_amount(payment.metadata, "tax_amount"),
        discount=sum(line.discount for line in lines),
        total=payment.amount,
        buyer=payment.customer if payment.customer.name or payment.customer.email else payment.billing,
        ship_to_name=payment.ship_to_name,
        ship_to=payment.ship_to,
        po_no=payment.metadata.get("po_number", payment.metadata.get("po_no", "")),
        note=payment.metadata.get("order_note", ""),
        metadata=payment.metadata,
        shipping_tax=_amount(payment.metadata, "shipping_tax_amount"),
        tax_exempt=payment.customer.tax_exempt,
    )


def order_number(metadata: Mapping[str, str]) -> str:
    """The shop's own number of the order, where a key tells it."""
    return next((metadata[key] for key in NUMBERS if metadata.get(key)), "")


def _listed(metadata: Mapping[str, str]) -> list[tuple[str, Raw]]:
    text = metadata.get("lines", "").strip()
    if not text:
        return []
    try:
        found = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise _refused(
            "lines", text, "is not JSON; an order too long for 500 characters uses line_1_sku and so on"
        ) from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found) or len(found) > LINES_MAX:
        raise _refused("lines", text, f"is not a JSON list of at most {LINES_MAX} objects")
    if _HALF.search(json.dumps(found, ensure_ascii=False, default=str)):
        raise _refused("lines", text, "holds half a character (a \\ud… without its other half)")
    return [(f"lines[{number}].", one) for number, one in enumerate(found, 1)]


def _numbered(metadata: Mapping[str, str]) -> list[tuple[str, Raw]]:
    rows: dict[int, dict[str, str]] = {}
    for key, value in metadata.items():
        if named := _NUMBERED.fullmatch(key):
            rows.setdefault(int(named[1]), {})[named[2]] = value
    return [(f"line_{number}_", row) for number, row in sorted(rows.items())]


def _line(raw: Raw, where: str) -> OrderLine:
    sku = str(raw.get("sku") or "").strip()
    if not sku:
        raise _refused(f"{where}sku", str(raw.get("sku", "")), "is missing")
    quantity = _quantity(raw.get("quantity", 1), f"{where}quantity")
    field = "unit_amount" if "unit_amount" in raw else "amount"
    unit = _whole(raw.get(field), f"{where}{field}")
    subtotal = int((unit * quantity).quantize(Decimal(1), ROUND_HALF_UP))
    return OrderLine(
        id=where.strip("._"),
        sku=sku,
        description=str(raw.get("description") or ""),
        quantity=quantity,
        unit_amount=per_piece(subtotal, quantity),
        subtotal=subtotal,
        discount=0,
        tax=0,
        net=subtotal,
        unit=str(raw.get("unit") or "").strip(),
    )


def _discounted(lines: Sequence[OrderLine], discount: int) -> tuple[OrderLine, ...]:
    """The discount of the whole order, shared out over its lines in proportion."""
    if not discount:
        return tuple(lines)
    weights = [line.subtotal for line in lines]
    if discount < 0 or min(weights) < 0 or discount > sum(weights):
        raise _refused("discount_amount", str(discount), "is not between 0 and the sum of the lines")
    shares = share_out(discount, weights)
    pairs = zip(lines, shares, strict=True)
    return tuple(replace(line, discount=share, net=line.subtotal - share) for line, share in pairs)


def _amount(metadata: Mapping[str, str], key: str) -> int:
    return _whole(metadata[key], key) if metadata.get(key, "").strip() else 0


def _whole(value: object, key: str) -> int:
    if type(value) in (int, str) and _WHOLE.fullmatch(str(value).strip()):
        return int(str(value))
    raise _refused(key, str(value), "is not a whole number of minor units, such as 1250 for 12.50")


def _quantity(value: object, key: str) -> Decimal:
    try:
        found = Decimal(str(value).strip()) if not isinstance(value, bool) else Decimal("nan")
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or found < 0 or found > 10**9:
        raise _refused(key, str(value), "is not a number above zero")
    return found


def _refused(key: str, value: str, why: str) -> Failed:
    shown = printable(value)[:80]
    return Failed(
        Fix(
            "stripe.metadata",
            f"The payment's metadata key {key} {why}; it is {shown!r}. Correct it in Stripe, then replay.",
            field=f"metadata.{key}",
            value=shown,
        )
    )
