"""The Stripe balance: rows that change it, fees by kind, and what it adds up to (Stripe facts B7, B8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from simulators.stripe.amounts import minor_rate, processing_fee, rounded
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

DAY = 86_400
FEE_TEXTS = {
    "stripe_fee": "Stripe processing fees",
    "tax": "Tax on Stripe fees",
    "application_fee": "Application fee",
    "payment_method_passthrough_fee": "Payment method fees",
}
# How far the rate of a day may be from the first day's, in thousandths: invented, so that no two days in a row agree.
_DRIFT = (0, 5, -4, 9, 2, -7, 6, -2, 11, -9, 3)


def settled_in(books: Books, currency: str) -> str:
    """The currency in which a charge in ``currency`` is booked: itself where the account settles it."""
    traits = books.traits
    return currency if currency in (traits.settlement, *traits.settlements) else traits.settlement


def day_rate(books: Books, source: str, target: str) -> Decimal | None:
    """Today's minor units of ``target`` for one of ``source``; None when they are the same currency.

    On the day the account was opened it is ``amounts.minor_rate``, later a little more or less.
    """
    if source == target:
        return None
    drift = Decimal(1000 + _DRIFT[books.days() % len(_DRIFT)]) / 1000
    return (minor_rate(source, target) * drift).quantize(Decimal("0.000001"))


def converted(books: Books, amount: int, source: str) -> tuple[int, str, Decimal | None]:
    """``amount`` minor units of ``source`` as the balance books them today: amount, currency, rate."""
    currency = settled_in(books, source)
    rate = day_rate(books, source, currency)
    return (amount if rate is None else rounded(Decimal(amount) * rate)), currency, rate


def new_row(books: Books, kind: str, category: str, amount: int, currency: str, **given: Any) -> Row:
    """Keep a balance transaction, ``amount`` in minor units of the settlement ``currency`` and of either sign.

    ``fees`` is a list of ``{"type", "amount"}`` that adds up to its fee; ``source`` an id or None; ``rate`` a Decimal
    or None; ``available_on`` in seconds since 1970 (now, unless given); ``balance_type``; ``description``.
    """
    fees = fee_details(given.get("fees") or (), currency)
    fee, now, rate = sum(each["amount"] for each in fees), int(books.now()), given.get("rate")
    row = {
        "id": books.ids.new("balance_transaction"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": given.get("available_on", now),
        "balance_type": given.get("balance_type", "payments"),
        "created": now,
        "currency": currency,
        "description": given.get("description"),
        # JSON has no decimals: Stripe shows the rate as a plain number too.
        "exchange_rate": None if rate is None else float(rate),
        "fee": fee,
        "fee_details": fees,
        "net": amount - fee,
        "reporting_category": category,
        "source": given.get("source"),
        "type": kind,
    }
    return books.put({**row, "_payout": None})


def source_row(books: Books, source: Row, amount: int, kind: str, category: str, **given: Any) -> Row:
    """Keep the row of a source, ``amount`` in the source's currency and converted at today's rate.

    ``given`` as for ``new_row``; without ``fees`` there is no fee, with ``charging`` True the usual one for a charge.
    """
    booked, currency, rate = converted(books, amount, source["currency"])
    if given.pop("charging", False) and given.get("fees") is None:
        fee = processing_fee(booked, currency)
        given["fees"] = [{"type": "stripe_fee", "amount": fee}] if fee else []
    shared = {"source": source["id"], "rate": rate, "description": source.get("description")}
    return new_row(books, kind, category, booked, currency, **{"available_on": available_on(books), **shared, **given})


def available_on(books: Books) -> int:
    """When what is booked now can be paid out: some days later, at midnight."""
    now = int(books.now())
    return now - now % DAY + books.traits.available_days * DAY


def release(books: Books) -> int:
    """Let everything that is pending be available now; the number of rows."""
    now = int(books.now())
    rows = [row for row in books.tables["balance_transaction"].rows if row["available_on"] > now]
    for row in rows:
        row["available_on"] = now
    return len(rows)


def fee_details(fees: Sequence[Mapping[str, Any]], currency: str) -> list[Row]:
    """Fees in Stripe's shape; ValueError for one without a whole amount."""
    for fee in fees:
        if not isinstance(fee.get("amount"), int) or not fee.get("type"):
            raise ValueError(f"fee {dict(fee)!r}: give a type and an amount in minor units")
    return [
        {
            "amount": fee["amount"],
            "application": fee.get("application"),
            "currency": currency,
            "description": fee.get("description") or FEE_TEXTS.get(fee["type"], fee["type"].replace("_", " ")),
            "type": fee["type"],
        }
        for fee in fees
    ]


def balance_shown(books: Books) -> Row:
    """What ``GET /v1/balance`` shows: available and pending by currency, payments apart from other balances."""
    sums = _sums(books)
    currencies = {books.traits.settlement, *books.traits.settlements, *(code for _, code, _ in sums)}
    parts: Row = {name: _part(sums, "payments", name, currencies) for name in ("available", "pending")}
    if any(kind == "refund_and_dispute_prefunding" for kind, _, _ in sums):
        kind = "refund_and_dispute_prefunding"
        parts[kind] = {name: _part(sums, kind, name, currencies) for name in ("available", "pending")}
    return {"object": "balance", "livemode": books.traits.livemode, **parts}


def _part(sums: Mapping[tuple[str, str, str], int], kind: str, name: str, currencies: set[str]) -> list[Row]:
    amounts = {code: sums.get((kind, code, name), 0) for code in sorted(currencies)}
    return [{"amount": each, "currency": code, "source_types": {"card": each}} for code, each in amounts.items()]


def _sums(books: Books) -> dict[tuple[str, str, str], int]:
    """Net by balance type, currency, and available or pending."""
    sums: dict[tuple[str, str, str], int] = {}
    for row in books.tables["balance_transaction"].rows:
        if not row.get("_gone"):
            state = "available" if books.now() >= row["available_on"] else "pending"
            key = (row["balance_type"], row["currency"], state)
            sums[key] = sums.get(key, 0) + row["net"]
    return sums
