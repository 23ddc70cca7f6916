"""Says in plain words where an order or invoice in P21 is not what was meant (reliability C22)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.domain.writing import Document, Json
from tieout.kernel.money import Money

ZERO = Decimal(0)
TAX_OF_P21 = "tax_of_p21"
WAYS_OUT = (
    "Ways out: let P21 tax the ship-to, the customer and the items as they were charged; or set tax_policy of the workflow to "
    "charge_item, so that the tax that was charged is written as it is; or raise its tax_tolerance; then cancel this record"
)


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line as P21 keeps it; amounts are in major units."""

    item_id: str
    quantity: Decimal
    unit_price: Decimal
    extended_price: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """An order or invoice as P21 keeps it; ``void`` says in a word why it no longer counts."""

    customer_id: str
    lines: tuple[SeenLine, ...]
    tax: Decimal
    total: Decimal
    void: str = ""


def differences(document: Document, seen: Seen) -> tuple[str, ...]:
    """Every difference in words, with both values; none when the record is what was meant."""
    if seen.void:
        return (f"it is {seen.void} in P21",)
    found = [*_customer(document, seen), *_lines(document, seen.lines), *_amounts(document, seen)]
    return tuple(found)


def shown_of_tax(document: Document, seen: Seen) -> dict[str, str]:
    """P21's own tax where it is another than was charged, though within what is allowed: the rest stays open."""
    told = document.get("tax")
    if told is None or seen.void or seen.tax == decimal_of(told, "tax"):
        return {}
    return {TAX_OF_P21: amount(seen.tax)}


def amount(value: Decimal) -> str:
    """An amount as a person writes it: two decimals at least, no needless zeros beyond."""
    exact = value.normalize()
    return format(exact if -int(exact.as_tuple().exponent) > 2 else value.quantize(Decimal("0.01")), "f")


def document_lines(document: Document) -> list[Mapping[str, Json]]:
    """The lines of a document."""
    lines = document.get("lines")
    return [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []


def _customer(document: Document, seen: Seen) -> Iterator[str]:
    wanted = text_of(document.get("customer_id"))
    if seen.customer_id != wanted:
        yield f"it stands on customer {seen.customer_id}, not {wanted}"


def _lines(document: Document, lines: tuple[SeenLine, ...]) -> Iterator[str]:
    left = list(lines)
    for number, wanted in enumerate(document_lines(document), 1):
        line = _taken(left, wanted)
        name = f"line {number} (item {text_of(wanted.get('item_id'))})"
        if line is None:
            yield f"{name} is missing: P21 dropped it without a word"
            continue
        yield from _line(name, wanted, line)
    for extra in left:
        yield f"P21 added a line with item {extra.item_id} for {amount(extra.extended_price)}"


def _taken(left: list[SeenLine], wanted: Mapping[str, Json]) -> SeenLine | None:
    item = text_of(wanted.get("item_id")).casefold()
    same = [line for line in left if line.item_id.casefold() == item]
    exact = [line for line in same if not list(_line("", wanted, line))]
    chosen = next(iter(exact or same), None)
    if chosen is not None:
        left.remove(chosen)
    return chosen


def _line(name: str, wanted: Mapping[str, Json], line: SeenLine) -> Iterator[str]:
    unit = text_of(wanted.get("unit_of_measure"))
    if unit and line.unit.casefold() != unit.casefold():
        yield f"{name} counts {line.unit or 'no unit'} instead of {unit}"
    for field, title, value in (
        ("quantity", "quantity", line.quantity),
        ("unit_price", "unit price", line.unit_price),
        ("extended_price", "extended price", line.extended_price),
    ):
        if wanted.get(field) is not None:
            meant = decimal_of(wanted[field], field)
            if meant != value:
                ignored = ": P21 ignored the price that was sent" if field == "unit_price" else ""
                shown = (text_of(value), text_of(meant)) if field == "quantity" else (amount(value), amount(meant))
                yield f"{name} has {title} {shown[0]} instead of {shown[1]}{ignored}"


def _tolerance(document: Document) -> Decimal:
    """What P21's tax may differ by: P21 rounds each line, the shop perhaps only the total, so a minor unit for each."""
    told = decimal_of(document.get("tax_tolerance") or "0", "tax_tolerance")
    if not told:
        return told
    taxed = sum(1 for line in document_lines(document) if line.get("taxable") is not False)
    return max(told, Money(text_of(document.get("currency")).lower(), taxed).decimal())


def _amounts(document: Document, seen: Seen) -> Iterator[str]:
    tolerance = _tolerance(document)
    tax = document.get("tax")
    if tax is not None and abs(seen.tax - decimal_of(tax, "tax")) > tolerance:
        yield (
            f"P21 computed {amount(seen.tax)} tax, but {amount(decimal_of(tax, 'tax'))} was charged "
            f"(allowed difference {amount(tolerance)}). {WAYS_OUT}"
        )
        return
    total = decimal_of(document.get("total"), "total")
    if abs(seen.total - total) > tolerance:
        yield f"P21's total is {amount(seen.total)}, but {amount(total)} was paid"
