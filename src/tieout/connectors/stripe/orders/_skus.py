"""Which thing a line sells: the SKU that a person put on the price or the product, or Stripe's own name for it (M7)."""

from __future__ import annotations

from dataclasses import dataclass, field

from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject

KEYS = ("p21_item_id", "sku")
UNIT = "p21_unit"
EMPTY = StripeObject({})


def sku_of(price: StripeObject, product: StripeObject) -> str:
    """Metadata ``p21_item_id`` or ``sku`` of the price, then of the product; then the lookup key; then an id."""
    marked = [holder.texts("metadata").get(key, "").strip() for holder in (price, product) for key in KEYS]
    named = next((sku for sku in marked if sku), "")
    return named or price.text("lookup_key") or product.id or price.id_of("product")


def unit_of(line: StripeObject, price: StripeObject, product: StripeObject) -> str:
    """The P21 unit that the quantity counts: metadata ``p21_unit`` of the line, else of the price, else of the product."""
    told = (holder.texts("metadata").get(UNIT, "").strip() for holder in (line, price, product))
    return next((unit for unit in told if unit), "")


@dataclass(slots=True)
class Shelf:
    """Prices and products by id, each read once for one order."""

    calls: Calls
    _prices: dict[str, StripeObject] = field(default_factory=dict)
    _products: dict[str, StripeObject] = field(default_factory=dict)

    def price(self, found: StripeObject, price_id: str) -> StripeObject:
        """The price: as it is on the line, or read by its id."""
        if found or not price_id:
            return found
        if price_id not in self._prices:
            read = self.calls.find(object_path("prices", price_id), {"expand": ["product"]})
            self._prices[price_id] = read or StripeObject({"id": price_id})
        return self._prices[price_id]

    def product(self, price: StripeObject, product_id: str) -> StripeObject:
        """The product of a price: expanded in it, or read by its id; one that was deleted keeps its id."""
        if expanded := price.part("product"):
            return expanded
        product_id = price.id_of("product") or product_id
        if not product_id:
            return EMPTY
        if product_id not in self._products:
            read = self.calls.find(object_path("products", product_id))
            self._products[product_id] = read or StripeObject({"id": product_id})
        return self._products[product_id]
