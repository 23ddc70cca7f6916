"""What a record in P21 sold, as lines that a refund can be split over (accounting facts C7, C8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tieout.domain.refunding import ONE, Sold
from tieout.kernel.money import Money, share_out

FREIGHT = "Freight"
TAX = "Tax"


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line of the record: ``gross`` is what it came to with its share of discount and ``tax``, in minor units."""

    item_id: str
    description: str
    quantity: Decimal
    account: str
    gross: int
    tax: int
    unit: str = ""

    @property
    def sold(self) -> Sold:
        """The line as far as splitting a refund needs it."""
        return Sold(self.gross, self.tax, self.quantity)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a line when it was sold: before discount (``subtotal``), after it (``net``), and its own ``tax``."""

    subtotal: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Original:
    """The record in P21 that stands for a sale. ``subject`` names it for what is written because of it later."""

    entity: str
    key: str
    subject: str
    customer_id: str
    order_no: str
    invoice_no: str
    currency: str
    lines: tuple[SoldLine, ...]
    total: int


def sold_lines(document: Mapping[str, object], currency: str, told: Sequence[Told] = ()) -> tuple[SoldLine, ...]:
    """The lines of an order or invoice as it was written, each with its discount and tax.

    Amounts in the document are decimal texts. ``told`` is what was known of the first lines when it was written: where it fits
    to the document, each line has its own tax and discount, and freight has the rest of the tax. Otherwise a discount (a line
    below 0 of an order) lowers the lines that are taxed as it is, and the tax is shared over the taxed lines, largest
    remainders first. Lines of an invoice by amount stand as they are, those below 0 too: unused time is no discount.
    """
    rows = [row for row in _rows(document.get("lines")) if isinstance(row, Mapping)]
    nets = [_minor(row.get("extended_price", row.get("amount")), currency) for row in rows]
    known = _known(nets, told, _minor(document.get("tax"), currency))
    told_lines = len(told) if known else 0
    if known:
        nets, taxes = known
    else:
        for row, net in zip(rows, nets, strict=True):
            if _is_discount(row, net):
                _lower(rows, nets, row.get("taxable"), -net)
        taxes = _taxes(rows, nets, _minor(document.get("tax"), currency))
    found = [
        _line(row, net, tax)
        for i, (row, net, tax) in enumerate(zip(rows, nets, taxes or [0] * len(rows), strict=True))
        if i < told_lines or not _is_discount(row, net)
    ]
    freight, tax = _minor(document.get("freight"), currency), _minor(document.get("tax"), currency)
    found += [SoldLine("", FREIGHT, ONE, "", freight, 0)] if freight > 0 else []
    found += [SoldLine("", TAX, ONE, "", tax, tax)] if tax > 0 and not taxes else []
    return tuple(found)


def _known(nets: Sequence[int], told: Sequence[Told], tax: int) -> tuple[list[int], list[int]] | None:
    """Net and tax of every line where what was told is what was written; None when it is not, to the minor unit."""
    first, rest = nets[: len(told)], list(nets[len(told) :])
    as_gross, as_net = [one.subtotal for one in told], [one.net for one in told]
    left = tax - sum(one.tax for one in told)
    discounts = sum(one.subtotal - one.net for one in told) if list(first) == as_gross else 0
    fits = list(first) in (as_gross, as_net) and -sum(net for net in rest if net < 0) == discounts
    positive = [i for i, net in enumerate(rest) if net > 0]
    if not told or not fits or left < 0 or (left and not positive) or any(one.net * one.tax < 0 for one in told):
        return None
    taxes = [one.tax for one in told] + [left if positive and i == positive[0] else 0 for i in range(len(rest))]
    return as_net + rest, taxes


def _lower(rows: Sequence[Mapping[str, object]], nets: list[int], taxable: object, discount: int) -> None:
    """Take a discount off the lines it was given on; off all lines when none is taxed as it is."""
    alike = [net if net > 0 and row.get("taxable") == taxable else 0 for row, net in zip(rows, nets, strict=True)]
    weights = alike if sum(alike) >= discount else [max(0, net) for net in nets]
    if sum(weights) < discount:
        raise ValueError("the discounts of this record are more than its lines")
    for i, share in enumerate(share_out(discount, weights)):
        nets[i] -= share


def _taxes(rows: Sequence[Mapping[str, object]], nets: Sequence[int], tax: int) -> list[int]:
    """The tax of each line; empty when no line is worth anything."""
    taxed = [max(0, net) if row.get("taxable") is not False else 0 for row, net in zip(rows, nets, strict=True)]
    weights = taxed if sum(taxed) else [max(0, net) for net in nets]
    return list(share_out(tax, weights)) if tax > 0 and sum(weights) > 0 else []


def _line(row: Mapping[str, object], net: int, tax: int) -> SoldLine:
    quantity = _number(row.get("quantity"))
    return SoldLine(
        item_id=str(row.get("item_id") or ""),
        description=str(row.get("description") or ""),
        quantity=quantity if quantity > 0 else ONE,
        account=str(row.get("account") or ""),
        gross=net + tax,
        tax=tax,
        unit=str(row.get("unit_of_measure") or ""),
    )


def _is_discount(row: Mapping[str, object], net: int) -> bool:
    """Whether it lowers the other lines of an order; lines by amount have no price of their own to be lowered."""
    return net < 0 and "extended_price" in row


def _rows(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _minor(value: object, currency: str) -> int:
    return Money.rounded(_number(value), currency).minor


def _number(value: object) -> Decimal:
    try:
        return Decimal(str(value)) if value not in (None, "") else Decimal(0)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number in a record that was written") from None
