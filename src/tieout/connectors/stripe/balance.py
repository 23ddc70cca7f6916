"""Reads Stripe's balance: its rows, page by page, and what it stands at (Stripe B7, B8, B14).

A row is read together with its source, because only the source tells what the customer saw and whose payment it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tieout.connectors.stripe._calls import PAGE, Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.domain.ledger.balance_change import BalanceChange, FeePart, Origin
from tieout.kernel.failures import Defect, Failed
from tieout.kernel.redact import printable

EXPANDED = ["data.source", "data.source.charge"]
DESCRIPTION_CHARACTERS_MAX = 120
MARK_CHARACTERS_MAX = 40
BRANCH, LOCATION, PRODUCT = "p21_branch", "p21_location", "p21_product"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, newest first; ``after`` is the cursor of the next part, empty when there is none.

    ``unread`` are rows whose figures Stripe does not tell: their ids, and what is said of each.
    """

    changes: tuple[BalanceChange, ...]
    after: str = ""
    unread: tuple[tuple[str, str], ...] = ()


def read_page(calls: Calls, since: int, until: int, after: str = "") -> Page:
    """Rows created from ``since`` until before ``until`` (epoch seconds), a hundred at most."""
    return _page(calls, {"created": {"gte": since, "lt": until}}, after)


def read_payout_page(calls: Calls, payout: str, after: str = "") -> Page:
    """Rows of an automatic payout, its own among them (B9), a hundred at most."""
    return _page(calls, {"payout": payout}, after)


def read_change(calls: Calls, change: str) -> BalanceChange | None:
    """One row, or None when Stripe has none by that id."""
    path = object_path("balance_transactions", change)
    found = calls.find(path, {"expand": [one.removeprefix("data.") for one in EXPANDED]})
    return change_of(found) if found else None


def read_balance(calls: Calls) -> Mapping[str, tuple[int, int]]:
    """By currency: minor units that are available, and that are pending (balance type ``payments``)."""
    found = calls.get("balance")
    stands: dict[str, list[int]] = {}
    for place, name in enumerate(("available", "pending")):
        for part in found.parts(name):
            stands.setdefault(part.text("currency"), [0, 0])[place] += part.amount("amount")
    return {currency: (available, pending) for currency, (available, pending) in stands.items()}


def invoice_of(calls: Calls, payment: str) -> str:
    """The Stripe invoice a payment was for, or an empty text; since 2025-03-31 only an InvoicePayment tells (B1)."""
    if not payment.startswith("pi_"):
        return ""
    paid = calls.first("invoice_payments", {"payment": {"type": "payment_intent", "payment_intent": payment}})
    return paid.id_of("invoice") if paid else ""


def first_created(calls: Calls) -> Iterator[int]:
    """When the oldest row was created (epoch seconds), found by halving the time; nothing for an account without rows."""
    newest = calls.first("balance_transactions", {})
    if newest is None:
        return
    low, high = 0, newest.whole("created")
    while low < high:
        middle = (low + high) // 2
        if calls.first("balance_transactions", {"created": {"lte": middle}}):
            high = middle
        else:
            low = middle + 1
    yield low


def _page(calls: Calls, asked: Mapping[str, object], after: str) -> Page:
    cursor = {"starting_after": after} if after else {}
    page = calls.get("balance_transactions", {**asked, **cursor, "limit": PAGE, "expand": EXPANDED})
    rows = page.parts("data")
    if page.flag("has_more") and (not rows or rows[-1].id == after):
        sentence = (
            "Stripe's list of balance transactions does not go on where it ended. Tieout stopped reading; report this."
        )
        raise Failed(Defect("stripe.endless", sentence, after))
    changes, unread = list[BalanceChange](), list[tuple[str, str]]()
    for row in rows:
        try:
            changes.append(change_of(row))
        except Failed as failed:  # one row that cannot be read does not keep the others from the books
            unread.append((row.id, failed.failure.sentence))
    return Page(tuple(changes), rows[-1].id if page.flag("has_more") else "", tuple(unread))


def change_of(row: StripeObject) -> BalanceChange:
    """One row in our words; Failed(Defect) when a number that it must have is missing."""
    return BalanceChange(
        id=row.id,
        type=row.text("type"),
        category=row.text("reporting_category"),
        amount=row.amount("amount"),
        fee=row.amount("fee") if row.fields.get("fee") is not None else _fee_between(row),
        net=row.amount("net"),
        currency=row.text("currency"),
        created=row.amount("created"),
        available_on=row.whole("available_on", row.whole("created")),
        source=row.id_of("source"),
        balance_type=row.text("balance_type") or "payments",
        fees=tuple(_fee(part) for part in row.parts("fee_details")),
        exchange_rate=_rate(row),
        description=printable(row.text("description"))[:DESCRIPTION_CHARACTERS_MAX],
        origin=_origin(row.part("source")),
    )


def _fee_between(row: StripeObject) -> int:
    """What lies between amount and net, on the rows on which Stripe tells no fee: the two must be there (B8)."""
    return row.amount("amount") - row.amount("net")


def _fee(part: StripeObject) -> FeePart:
    words = printable(part.text("description"))[:DESCRIPTION_CHARACTERS_MAX]
    return FeePart(part.text("type") or "unknown", part.amount("amount"), words)


def _rate(row: StripeObject) -> str:
    shown = row.decimal("exchange_rate")
    return "" if shown is None else format(shown, "f")


def _origin(source: StripeObject) -> Origin:
    if not source:
        return Origin()
    charge = source if source.kind == "charge" else source.part("charge")
    marks = {**charge.texts("metadata"), **source.texts("metadata")}
    branch, location, product = (marks.get(name, "")[:MARK_CHARACTERS_MAX] for name in (BRANCH, LOCATION, PRODUCT))
    found = Origin(
        kind=source.kind,
        amount=source.whole("amount"),
        currency=source.text("currency"),
        created=charge.whole("created") or source.whole("created"),
        charge=charge.id or source.id_of("charge"),
        payment=charge.id_of("payment_intent") or source.id_of("payment_intent") or charge.id or source.id_of("charge"),
        invoice=charge.id_of("invoice"),
        customer=charge.id_of("customer"),
        branch=branch,
        location=location,
        product=product,
    )
    match source.kind:
        case "dispute":
            return replace(found, dispute=source.id)
        case "payout":
            return replace(found, payout=source.id)
    return found
