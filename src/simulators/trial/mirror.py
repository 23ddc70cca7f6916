"""The mirror: every document that P21 keeps for a sale, field by field against what was sold.

It reads P21's own tables and the shop's own records, and nothing that Tieout says but which numbers belong to which
payment. Each rule is written here once more, by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from simulators.trial.sold import FREIGHT, PLACE, Sold

Row = Mapping[str, Any]
CURRENCY_IDS = {"usd": 1, "eur": 2, "gbp": 3, "cad": 4, "jpy": 5, "kwd": 6, "sek": 2}  # krona, where a clerk mapped it
TEXT_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Kept:
    """P21's documents by number, and whom its contacts belong to."""

    orders: Mapping[str, Row]
    invoices: Mapping[str, Row]
    payments: Mapping[str, Row]
    customers: Mapping[str, Row]
    addresses: Mapping[str, Row]
    by_mail: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, books: Mapping[str, Sequence[Row]]) -> Kept:
        """From the god view of the P21 simulator."""
        kinds = ("orders", "invoices", "payments", "customers", "addresses")
        tables = {kind: {str(row["key"]): row for row in books.get(kind, ()) if not row["voided"]} for kind in kinds}
        by_mail: dict[str, set[str]] = {}
        for row in books.get("contacts", ()):
            if not row["voided"]:
                by_mail.setdefault(str(row["name"]).casefold(), set()).add(str(row.get("customer") or ""))
        return cls(**tables, by_mail={mail: frozenset(found) for mail, found in by_mail.items()})


def differences(sold: Sold, line: Row, kept: Kept) -> Iterator[str]:
    """Where the documents that a line of Tieout's list names are not what was sold, in words."""
    order, invoice = kept.orders.get(str(line["order_no"])), kept.invoices.get(str(line["invoice_no"]))
    wanted = order if sold.document == "order" else invoice or order
    if wanted is None:
        yield f"it should have become an {sold.document}, and there is none"
        return
    yield from document_differences(sold, wanted, kept)
    if sold.document == "invoice" and invoice is None:
        yield f"it should have become an invoice, and there is only order {line['order_no']}"
    receipt = kept.payments.get(str(line["receipt_no"]))
    if receipt is not None:
        yield from _receipt(sold, receipt, wanted, kept)


def document_differences(sold: Sold, row: Row, kept: Kept) -> Iterator[str]:
    """Where an order or an invoice is not what was sold."""
    yield from _customer(sold, str(row["customer"]), kept)
    yield from _unequal("its date", row["date"], sold.day, known=bool(sold.day))
    if "requested" in row and sold.day:
        yield from _unequal("its requested date", row["requested"], _next_day(sold.day))
    yield from _ship_to(sold, row, kept)
    yield from _unequal("its PO number", row["po_no"], sold.po_no)
    yield from _unequal("its note", row.get("note", sold.note), sold.note)
    yield from _unequal("its currency", row["currency_id"], CURRENCY_IDS.get(sold.currency))
    yield from _lines(sold, row)
    yield from _unequal("its tax", Decimal(row["tax"]), sold.tax)
    yield from _unequal("its total", Decimal(row["amount"]), sold.total)
    if row.get("approved") is False:
        yield "it is not approved"


def _customer(sold: Sold, number: str, kept: Kept) -> Iterator[str]:
    if not sold.buyer.email:
        return
    owners = kept.by_mail.get(sold.buyer.email.casefold(), frozenset())
    if number not in owners:
        yield f"it stands on customer {number}, but {sold.buyer.email} is customer {', '.join(sorted(owners)) or 'none'}"
    customer = kept.customers.get(number)
    if customer is not None and customer["reference"]:
        yield from _unequal("the new customer's name", customer["name"], sold.buyer.name)
        yield from _place("the new customer's address", kept.addresses.get(number, {}), sold.billing)


def _ship_to(sold: Sold, row: Row, kept: Kept) -> Iterator[str]:
    own = kept.addresses.get(str(row["customer"]), {})
    wanted = sold.ship_to or {part: str(own.get(part) or "") for part in ("name", *PLACE)}
    yield from _place("its ship-to", row["ship_to"], wanted)
    yield from _unequal("the name of its ship-to", row["ship_to"]["name"], wanted["name"])


def _place(what: str, kept: Row, wanted: Row) -> Iterator[str]:
    for part in PLACE:
        yield from _unequal(f"{part} of {what}", kept.get(part, ""), wanted.get(part, ""))


def _lines(sold: Sold, row: Row) -> Iterator[str]:
    wanted = [_shown(one.item, one.quantity, one.unit, one.price, one.amount) for one in sold.lines]
    kept = [_shown(one["item"], one["quantity"], one["unit"], one["price"], one["amount"]) for one in row["lines"]]
    if freight := Decimal(row["freight"]):
        kept.append(_shown(FREIGHT, 1, "EA", freight, freight))
    if len(kept) != len(wanted):
        yield f"it has {len(kept)} lines instead of {len(wanted)}"
    for have, want in zip(sorted(kept), sorted(wanted), strict=False):
        yield from _unequal("a line", have, want)
    texts = [str(one["text"])[:TEXT_CHARACTERS] for one in row["lines"]]
    for one in sold.lines:
        if one.text and one.text[:TEXT_CHARACTERS] not in texts:
            yield f"no line says {one.text!r}"


def _shown(item: str, quantity: object, unit: str, price: object, amount: object) -> str:
    figures = [Decimal(str(one)).normalize() for one in (quantity, price, amount)]
    return f"{item}: {figures[0]:f} {unit} at {figures[1]:f} = {figures[2]:f}"


def _receipt(sold: Sold, receipt: Row, document: Row, kept: Kept) -> Iterator[str]:
    yield from _unequal("its receipt's amount", Decimal(receipt["amount"]), sold.total)
    yield from _unequal("its receipt's date", receipt["date"], sold.day, known=bool(sold.day))
    yield from _unequal("its receipt's currency", receipt["currency_id"], CURRENCY_IDS.get(sold.currency))
    if sold.charge not in str(receipt["text"]).split():
        yield f"its receipt says {receipt['text']!r} instead of {sold.charge}"
    order = kept.orders.get(str(receipt["order"]))
    payer = receipt["customer"] or (order["customer"] if order else "")
    yield from _unequal("its receipt's customer", str(payer), str(document["customer"]))
    numbers = {str(receipt["order"]), *receipt["applied_to"]}
    if not numbers & {str(document["key"]), str(document.get("order") or document["key"])}:
        yield f"its receipt is for {', '.join(sorted(numbers - {''})) or 'nothing'} instead of {document['key']}"


def _unequal(what: str, have: object, wanted: object, *, known: bool = True) -> Iterator[str]:
    if known and have != wanted:
        yield f"{what} is {have!s} instead of {wanted!s}"


def _next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
