"""What is bought: lines with prices, discounts, taxes and freight, adding up to the amount that is paid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.stripe.amounts import check_amount, shared_out
from simulators.stripe.parties import new_price, new_product
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

_KNOWN = {
    "sku",
    "price",
    "description",
    "quantity",
    "unit_amount",
    "tax",
    "tax_included",
    "discount",
    "credit",
    "metadata",
}

PriceOf = Callable[[Books, str, Mapping[str, Any]], Row]


@dataclass(frozen=True, slots=True)
class Line:
    """One line in minor units; ``discount`` covers all of its quantity.

    ``tax`` comes on top, ``tax_included`` is in the price and in the discount.
    ``credit`` is what billing credits pay of it before tax. Unused time has a ``unit_amount`` below 0.
    """

    price: Row
    description: str
    quantity: int
    unit_amount: int
    discount: int
    tax: int
    metadata: dict[str, str]
    tax_included: int = 0
    credit: int = 0

    @property
    def subtotal(self) -> int:
        """Before discount and tax."""
        return self.quantity * self.unit_amount

    @property
    def total(self) -> int:
        """After discount and billing credits, with tax."""
        return self.subtotal - self.discount - self.credit + self.tax


@dataclass(frozen=True, slots=True)
class Basket:
    """All lines and the freight, in minor units of one currency."""

    currency: str
    lines: tuple[Line, ...]
    freight: int
    freight_tax: int

    @property
    def subtotal(self) -> int:
        """Lines before discount and tax."""
        return sum(line.subtotal for line in self.lines)

    @property
    def discount(self) -> int:
        """All discounts."""
        return sum(line.discount for line in self.lines)

    @property
    def credit(self) -> int:
        """All billing credits."""
        return sum(line.credit for line in self.lines)

    @property
    def tax(self) -> int:
        """All taxes, that on freight included."""
        return self.added_tax + sum(line.tax_included for line in self.lines)

    @property
    def added_tax(self) -> int:
        """The taxes that come on top."""
        return sum(line.tax for line in self.lines) + self.freight_tax

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.subtotal - self.discount - self.credit + self.added_tax + self.freight


def basket(
    books: Books,
    currency: str,
    amount: int | None,
    lines: Sequence[Mapping[str, Any]],
    *,
    tax: int = 0,
    discount: int = 0,
    shipping_cost: int | Mapping[str, int] = 0,
    price_of: PriceOf,
    check: Callable[[str, int], None] = check_amount,
) -> Basket:
    """What is bought, each line with the price that ``price_of`` finds.

    ``tax`` and ``discount`` come on top of those of the lines and are spread over them. Without lines one line over
    ``amount`` stands for everything. ValueError when the figures do not add up or ``check`` refuses the amount.
    """
    freight = shipping_cost if isinstance(shipping_cost, Mapping) else {"amount_subtotal": shipping_cost}
    net, freight_tax = freight.get("amount_subtotal", 0), freight.get("amount_tax", 0)
    if not lines:
        if amount is None:
            raise ValueError("amount: give an amount in minor units, or lines")
        lines = [{"description": "Payment", "unit_amount": amount - tax + discount - net - freight_tax}]
    bought = Basket(currency, _lines(books, currency, lines, tax, discount, price_of), net, freight_tax)
    if amount is not None and bought.total != amount:
        raise ValueError(f"amount {amount}: the lines, freight and tax add up to {bought.total}")
    check(currency, bought.total)
    return bought


def _lines(
    books: Books, currency: str, given: Sequence[Mapping[str, Any]], tax: int, discount: int, price_of: PriceOf
) -> tuple[Line, ...]:
    prices = [price_of(books, currency, line) for line in given]
    counts = [int(line.get("quantity", 1)) for line in given]
    units = [
        line["unit_amount"] if line.get("unit_amount") is not None else price["unit_amount"]
        for line, price in zip(given, prices, strict=True)
    ]
    weights = [count * unit for count, unit in zip(counts, units, strict=True)]
    taxes, discounts = shared_out(tax, weights), shared_out(discount, weights)
    return tuple(
        Line(
            price=prices[at],
            description=line.get("description") or _title(books, prices[at]),
            quantity=counts[at],
            unit_amount=units[at],
            discount=line.get("discount", 0) + discounts[at],
            tax=line.get("tax", 0) + taxes[at],
            metadata={key: str(value) for key, value in (line.get("metadata") or {}).items()},
            tax_included=line.get("tax_included", 0),
            credit=line.get("credit", 0),
        )
        for at, line in enumerate(given)
    )


def _title(books: Books, price: Row) -> str:
    return str(books.need(price["product"])["name"]) if price else "Goods"


def unlisted_price(books: Books, currency: str, line: Mapping[str, Any]) -> Row:
    """No price at all for a line that only adds to an amount, unless it names one."""
    if line.get("price") or line.get("sku") or line.get("unit_amount") is None:
        return listed_price(books, currency, line)
    _check_fields(line)
    return {}


def _check_fields(line: Mapping[str, Any]) -> None:
    unknown = sorted(set(line) - _KNOWN)
    if unknown:
        raise ValueError(f"line field {unknown[0]!r} is none of {', '.join(sorted(_KNOWN))}")


def listed_price(books: Books, currency: str, line: Mapping[str, Any]) -> Row:
    """The price of a line: named, found by SKU, or made for this line as Stripe makes one for ``price_data``."""
    _check_fields(line)
    if line.get("price"):
        return books.need(line["price"], "price")
    sku = line.get("sku")
    for price in books.tables["price"].rows if sku else []:
        product = books.need(price["product"])
        if sku in (price["metadata"].get("sku"), product["metadata"].get("sku")) and price["currency"] == currency:
            return price
    if line.get("unit_amount") is None:
        raise ValueError(f"line {line.get('description') or sku!r}: give a unit_amount in minor units, or a price")
    named = new_product(books, name=line.get("description") or sku or "Goods", metadata={"sku": sku} if sku else {})
    price = new_price(books, named, currency, line["unit_amount"])
    books.murmur("product.created", named)
    books.murmur("price.created", price)
    return price
