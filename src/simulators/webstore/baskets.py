"""What was ordered, in whole minor units, and how shops write such amounts down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_NO_DECIMALS = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD JOD KWD OMR TND".split())
_KNOWN = {"sku", "description", "quantity", "unit_amount", "discount", "tax", "product_id"}


@dataclass(frozen=True, slots=True)
class Line:
    """One ordered thing; amounts in minor units, ``discount`` and ``tax`` for all of its quantity."""

    sku: str
    description: str
    quantity: int
    unit_amount: int
    discount: int = 0
    tax: int = 0
    product_id: int = 0

    @property
    def subtotal(self) -> int:
        """Before discount, without tax."""
        return self.quantity * self.unit_amount

    @property
    def total(self) -> int:
        """After discount, without tax."""
        return self.subtotal - self.discount


def lines_of(given: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Lines from ``{sku, description, quantity, unit_amount, discount, tax, product_id}``; ValueError when wrong."""
    for line in given:
        unknown = sorted(set(line) - _KNOWN)
        if unknown:
            raise ValueError(f"line field {unknown[0]!r} is none of {', '.join(sorted(_KNOWN))}")
        if "unit_amount" not in line:
            raise ValueError(
                f"line {line.get('sku') or line.get('description')!r}: unit_amount in minor units is missing"
            )
    if not given:
        raise ValueError("lines: an order needs at least one")
    return tuple(
        Line(**{"sku": "", "quantity": 1, **line, "description": line.get("description") or line.get("sku") or "Goods"})
        for line in given
    )


def decimals_of(currency: str) -> int:
    """Digits behind the point of a currency."""
    if currency.upper() in _NO_DECIMALS:
        return 0
    return 3 if currency.upper() in _THREE_DECIMALS else 2


def written(amount: int, decimals: int) -> str:
    """Minor units as a shop writes them: 1234 with two decimals is "12.34"."""
    sign, digits = "-" if amount < 0 else "", str(abs(amount)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def stamp(seconds: float) -> str:
    """A time without zone, in UTC."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%S")
