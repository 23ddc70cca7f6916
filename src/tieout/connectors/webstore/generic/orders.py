"""Makes an order of whatever JSON a store answers, by the field map of its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from tieout.connectors.webstore.generic.settings import ADDRESS, GenericSettings
from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.values import Value, plain
from tieout.domain.sale import Address, Order, OrderLine, Party, per_piece
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money
from tieout.kernel.redact import printable

LINES_MAX = 10_000


def read_order(settings: GenericSettings, order_id: str, answer: Any) -> Order:
    """The order. Failed(Fix) names the field whose expression or value does not do."""
    fields = _Fields(order_id, settings.fields, {"order": answer}, settings.amounts)
    fields.currency = fields.text("currency").lower()
    lines = tuple(_line(settings, fields, one, number) for number, one in enumerate(_listed(fields), 1))
    of_lines = sum(line.tax for line in lines)
    tax = fields.amount_or("tax", of_lines)
    return Order(
        id=fields.text("id") or order_id,
        source="generic",
        number=fields.text("number") or fields.text("id") or order_id,
        currency=fields.currency,
        lines=lines,
        shipping=fields.amount("shipping") or 0,
        tax=tax,
        discount=sum(line.discount for line in lines),
        total=fields.exact("total"),
        buyer=_buyer(fields),
        ship_to_name=fields.text("ship_to_name"),
        ship_to=_address(fields, "ship_to"),
        po_no=fields.text("po_no"),
        note=fields.text("note"),
        metadata=fields.texts("metadata"),
        shipping_tax=fields.amount_or(
            "shipping_tax", max(0, tax - of_lines) if of_lines and fields.amount("shipping") else 0
        ),
        tax_exempt=_exemption(fields),
        gift_cards=fields.amount("gift_cards") or 0,
        called_off=status if (status := fields.text("status")).strip().lower() in settings.called_off else "",
    )


def _exemption(fields: _Fields) -> str:
    """``exempt`` or ``reverse``; true and yes mean exempt."""
    told = fields.value("tax_exempt")
    if isinstance(told, bool):
        return "exempt" if told else ""
    word = str(told or "").strip().lower()
    if word in ("", "no", "none", "false"):
        return ""
    if word in ("yes", "true", "exempt"):
        return "exempt"
    if word == "reverse":
        return word
    raise fields.refused("tax_exempt", word, "is neither exempt nor reverse")


@dataclass(slots=True)
class _Fields:
    """The mapped fields of one thing; ``own`` is where a field without an expression is looked for."""

    named: str
    sources: Mapping[str, str]
    inputs: Mapping[str, Any]
    amounts: str
    currency: str = ""
    own: Mapping[str, Any] | None = None

    def value(self, field: str) -> Value:
        """The value of a field; None when it is neither mapped nor there."""
        source = self.sources.get(field)
        if source is None:
            return (self.own or {}).get(field)
        try:
            return Expression.parse(source).value(self.inputs)
        except ExpressionError as error:
            raise self.refused(field, source, error.sentence) from None

    def text(self, field: str) -> str:
        """A text or a number as text; empty for nothing."""
        value = self.value(field)
        if value is None or isinstance(value, str):
            return value or ""
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise self.refused(field, str(value), "is not a text")
        return plain(Decimal(value))

    def number(self, field: str) -> Decimal | None:
        """A number, also one written as text; None for nothing."""
        value = self.value(field)
        if value is None or value == "":
            return None
        try:
            found = Decimal(str(value)) if not isinstance(value, bool | list | dict) else Decimal("nan")
        except InvalidOperation:
            found = Decimal("nan")
        if not found.is_finite() or abs(found) >= 10**18:
            raise self.refused(field, str(value), "is not a number")
        return found

    def amount(self, field: str) -> int | None:
        """An amount in minor units, however the store writes it; finer ones are rounded; None for nothing."""
        return self._minor(field, Money.rounded)

    def exact(self, field: str) -> int:
        """An amount that was asked for: it must be there (nothing is not 0), and the currency must have it."""
        found = self._minor(field, Money.of_decimal)
        if found is None:
            raise self.refused(field, "", "is nothing")
        return found

    def _minor(self, field: str, money: Callable[[Decimal, str], Money]) -> int | None:
        value = self.number(field)
        if value is None:
            return None
        try:
            if self.amounts == "major":
                return money(value, self.currency).minor
            if value != value.to_integral_value():
                raise ValueError("it is not a whole number of minor units")
            return Money(self.currency, int(value)).minor
        except ValueError as error:
            raise self.refused(field, str(value), str(error)) from None

    def amount_or(self, field: str, otherwise: int) -> int:
        """An amount, or another one where nothing came."""
        found = self.amount(field)
        return otherwise if found is None else found

    def texts(self, field: str) -> dict[str, str]:
        """A map of texts, or a list of ``{"key", "value"}``; what is neither text nor number is left out."""
        value = self.value(field)
        if isinstance(value, list):
            value = {str(one.get("key", "")): one.get("value") for one in value if isinstance(one, dict)}
        found = value if isinstance(value, dict) else {}
        kept = {key: one for key, one in found.items() if isinstance(one, str | int | Decimal)}
        return {
            key: one if isinstance(one, str) else str(one) for key, one in kept.items() if not isinstance(one, bool)
        }

    def refused(self, field: str, value: str, why: str) -> Failed:
        """A field that does not do, as a failure."""
        shown = printable(value)[:80]
        sentence = (
            f"The field {field} of the store's order {self.named} cannot be used: {shown!r} {why}. Correct the order, or "
            "the expression in the connection's field map, then replay."
        )
        return Failed(Fix("webstore.field", sentence, field=field, value=shown))


def _listed(fields: _Fields) -> list[Any]:
    found = fields.value("lines")
    if not isinstance(found, list) or len(found) > LINES_MAX or not all(isinstance(one, dict) for one in found):
        raise fields.refused("lines", str(found), f"is not a list of at most {LINES_MAX} objects")
    return found


def _line(settings: GenericSettings, order: _Fields, raw: dict[str, Any], number: int) -> OrderLine:
    """What is not told is worked out: net from subtotal and discount, subtotal from the unit amount and how many."""
    named = f"{order.named}, line {number},"
    inputs = {"line": raw, **order.inputs}
    fields = _Fields(named, settings.line_fields, inputs, settings.amounts, order.currency, raw)
    quantity = fields.number("quantity")
    many = Decimal(1) if quantity is None else quantity
    discount = fields.amount("discount") or 0
    subtotal = _subtotal(fields, many, discount)
    net = fields.amount_or("net", subtotal - discount)
    return OrderLine(
        id=fields.text("id") or str(number),
        sku=fields.text("sku"),
        description=fields.text("description"),
        quantity=many,
        unit_amount=per_piece(subtotal, many),
        subtotal=subtotal,
        discount=subtotal - net,
        tax=fields.amount("tax") or 0,
        net=net,
        product_id=fields.text("product_id"),
        price_id=fields.text("price_id"),
        unit=fields.text("unit"),
        taxable=_flag(fields, "taxable"),
        kind="fee" if _flag(fields, "fee") else "goods",
    )


def _flag(fields: _Fields, name: str) -> bool | None:
    """A yes or no; None where nothing came."""
    told = fields.value(name)
    if told is None or isinstance(told, bool):
        return told
    raise fields.refused(name, str(told), "is neither true nor false")


def _subtotal(fields: _Fields, many: Decimal, discount: int) -> int:
    told = fields.amount("subtotal")
    if told is not None:
        return told
    net, unit = fields.amount("net"), _unit(fields)
    if net is not None:
        return net + discount
    if unit is not None:
        return Money.rounded(Money(fields.currency, 1).decimal() * unit * many, fields.currency).minor
    raise fields.refused("net", "", "is missing, and so are subtotal and unit_amount")


def _unit(fields: _Fields) -> Decimal | None:
    """Minor units for one thing; may have a fraction."""
    told = fields.number("unit_amount")
    if told is None or fields.amounts == "minor":
        return told
    return told / Money(fields.currency, 1).decimal()


def _buyer(fields: _Fields) -> Party:
    return Party(
        name=fields.text("buyer.name"),
        email=fields.text("buyer.email"),
        phone=fields.text("buyer.phone"),
        address=_address(fields, "buyer.address"),
    )


def _address(fields: _Fields, who: str) -> Address:
    return Address(**{part: fields.text(f"{who}.{part}") for part in ADDRESS})
