"""Documents entered by amount in both dialects: what is checked before one is sent, and how one is compared (accounting C7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tieout.connectors.p21.answers import text_of
from tieout.connectors.p21.comparing import ZERO, amount, document_lines
from tieout.connectors.p21.documents import number, text
from tieout.domain.writing import Document, Json
from tieout.kernel.failures import Failed, Fix


@dataclass(frozen=True, slots=True)
class SeenAmount:
    """A line as P21 keeps it: its amount in major units, positive in credit memos too."""

    item_id: str
    amount: Decimal
    account: str


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """A document as P21 keeps it; amounts are positive in credit memos too, ``invoice_no`` is the one it credits."""

    customer_id: str
    invoice_no: str
    lines: tuple[SeenAmount, ...]
    tax: Decimal
    freight: Decimal
    total: Decimal
    void: bool


def require_sum(document: Document) -> None:
    """Failed(Fix) when it comes to nothing, or lines, tax and freight are not the total to the last digit.

    A line may be below 0 (unused time): it stands in P21 as it is.
    """
    lines = [number(line, "amount") for line in document_lines(document)]
    parts = [*lines, part(document, "tax"), part(document, "freight")]
    total = number(document, "total")
    for name in ("total", "tax", "freight"):
        if part(document, name) < 0 or not total:
            raise Failed(_not_positive(name, part(document, name)))
    if (summed := sum(parts, ZERO)) != total:
        sentence = (
            f"Lines, tax and freight sum to {amount(summed)}, but the total is {amount(total)}. Correct the order where it comes "
            "from, or what feeds the lines, tax, freight and total in the workflow, then replay."
        )
        raise Failed(Fix("p21.document.total", sentence, field="total", value=amount(total)))


def _not_positive(name: str, value: Decimal) -> Fix:
    sentence = (
        f"P21 takes documents that come to more than zero, but {name} is {amount(value)}. What comes to less is a credit: enter it "
        "in P21 by hand, or correct what feeds it in the workflow, then replay."
    )
    return Fix("p21.document.total", sentence, field=name, value=amount(value))


def part(document: Mapping[str, Json], name: str) -> Decimal:
    """An amount that may be left out."""
    return number(document, name) if text(document, name) else ZERO


def amount_differences(document: Document, seen: SeenDocument) -> Iterator[str]:
    """Customer, credited invoice, lines, tax, freight and total, each with both values."""
    if seen.void:
        yield "it is voided in P21"
        return
    if seen.customer_id != text(document, "customer_id"):
        yield f"it stands on customer {seen.customer_id}, not {text(document, 'customer_id')}"
    if (credited := text(document, "invoice_no")) and seen.invoice_no != credited:
        yield f"it credits invoice {seen.invoice_no or 'none'}, not {credited}"
    yield from _line_differences(document, seen)
    for name, kept in (("tax", seen.tax), ("freight", seen.freight), ("total", seen.total)):
        if kept != (meant := part(document, name)):
            yield f"its {name} is {amount(kept)} instead of {amount(meant)}"


def _line_differences(document: Document, seen: SeenDocument) -> Iterator[str]:
    left = list(seen.lines)
    for place, line in enumerate(document_lines(document), 1):
        found = next((one for one in left if _is(one, line)), None)
        if found is None:
            yield f"line {place} of {amount(number(line, 'amount'))}{_on(text_of(line.get('account')))} is missing"
        else:
            left.remove(found)
    for extra in left:
        yield f"P21 has a line of {amount(extra.amount)}{_on(extra.account)} that was not sent"


def _is(one: SeenAmount, line: Mapping[str, Json]) -> bool:
    item, account = text(line, "item_id"), text(line, "account")
    same_item = not item or one.item_id.casefold() == item.casefold()
    return one.amount == number(line, "amount") and same_item and (not account or one.account == account)


def _on(account: str) -> str:
    return f" on account {account}" if account else ""
