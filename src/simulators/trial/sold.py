"""What was sold, as the shop knows it: the measure that every document in P21 is held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from simulators.webstore.baskets import decimals_of

HOME = ZoneInfo("America/New_York")
FREIGHT, DISCOUNT = "FREIGHT", "DISCOUNT"
PLACE = ("line1", "line2", "city", "state", "postal_code", "country")


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, as Stripe's customer or the store names them."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One thing that was sold; ``price`` for one ``unit`` and ``amount`` for all, in major units, without tax."""

    item: str
    quantity: int
    price: Decimal
    amount: Decimal
    text: str = ""
    unit: str = "EA"


@dataclass(frozen=True, slots=True)
class Sold:
    """One sale. ``document``: order or invoice. ``ship_to`` is empty where the goods go to the customer's own address.

    ``at`` is when the money was taken (seconds since 1970; None: not known to the shop). Amounts are in major units.
    """

    document: str
    buyer: Buyer
    billing: Mapping[str, str]
    ship_to: Mapping[str, str]
    at: float | None
    lines: Sequence[SoldLine]
    currency: str
    tax: Decimal
    total: Decimal
    charge: str
    po_no: str = ""
    note: str = ""

    @property
    def day(self) -> str:
        """The day of the money where the company is, empty when it is not known."""
        return "" if self.at is None else datetime.fromtimestamp(self.at, UTC).astimezone(HOME).date().isoformat()


def place_of(name: str, address: Mapping[str, Any]) -> dict[str, str]:
    """A name and an address as one place, every part a text."""
    return {"name": name, **{part: str(address.get(part) or "") for part in PLACE}}


def sold_lines(given: Sequence[Mapping[str, Any]], currency: str, freight: int, discount: int) -> list[SoldLine]:
    """The lines of a basket in minor units, with freight and discount as lines of their own."""
    places = decimals_of(currency)
    lines = [
        _line(str(one["sku"]), int(one["quantity"]), int(one["unit_amount"]), places, str(one.get("description") or ""))
        for one in given
    ]
    more = [(FREIGHT, freight), (DISCOUNT, -discount)]
    return lines + [_line(item, 1, amount, places) for item, amount in more if amount]


def major(amount: int, currency: str) -> Decimal:
    """Minor units as the currency's own amount."""
    return Decimal(amount).scaleb(-decimals_of(currency))


def _line(item: str, quantity: int, each: int, places: int, text: str = "") -> SoldLine:
    price = Decimal(each).scaleb(-places)
    return SoldLine(item, quantity, price, price * quantity, text)
