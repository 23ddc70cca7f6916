"""Payouts: made by hand or of all that is available, on their way, arrived, failed, reversed (Stripe facts B9)."""

from __future__ import annotations

import zlib
from typing import Any

from simulators.stripe.balance import DAY, new_row
from simulators.stripe.state import Books
from simulators.stripe.tables import Row

METHODS = ("standard", "instant")
STATES = ("in_transit", "paid", "failed", "canceled")
_NEXT = {"pending": {"in_transit", "paid", "failed", "canceled"}, "in_transit": {"paid", "failed"}, "paid": {"failed"}}
LEAVES_SECONDS, ARRIVES_SECONDS, STANDARD_DAYS = 3600.0, 6 * 3600.0, 2
INSTANT_FEE_PERCENT, INSTANT_FEE_LEAST = 1, 50
WHOLE_HUNDREDS_OUT = frozenset({"huf", "twd"})
FAILURES = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": "Debit transactions are not approved on the bank account.",
    "insufficient_funds": "The account has insufficient funds to cover the payout.",
    "no_account": "The bank account could not be located.",
}


def pay_out(books: Books, currency: str, amount: int | None, method: str, *, automatic: bool, **given: Any) -> Row:
    """Pay out; ``amount`` None is all that is available. ValueError when there is nothing, or more than there is.

    An automatic payout takes every available row that no payout has yet; below zero it is a debit from the bank.
    ``descriptor`` is the statement descriptor, ``metadata`` its own.
    """
    if method not in METHODS or (automatic and (method != "standard" or amount is not None)):
        raise ValueError(f"method {method!r}, amount {amount}: automatic payouts are standard and of all there is")
    rows = unpaid_rows(books, currency)
    there = sum(row["net"] for row in rows)
    amount = there if amount is None else amount
    if not amount or (not automatic and amount < 0):
        raise ValueError(f"amount {amount} {currency}: there is nothing to pay out")
    if currency in WHOLE_HUNDREDS_OUT and amount % 100:
        raise ValueError(f"amount {amount} {currency}: must be divisible by 100")
    if method == "standard" and not automatic and amount > there:
        raise ValueError(f"amount {amount} {currency}: only {there} are available")
    payout = _new_payout(books, currency, amount, method, automatic=automatic, **given)
    row = _own_row(books, payout)
    if automatic:
        for each in [*rows, row]:
            each["_payout"] = payout["id"]
            books.tables["balance_transaction"].reindex(each)
    books.emit("payout.created", payout)
    _let_move(books, payout)
    return payout


def unpaid_rows(books: Books, currency: str) -> list[Row]:
    """Rows that can be paid out now and belong to no payout yet."""
    now, table = books.now(), books.tables["balance_transaction"]
    rows = [table.rows[place] for place in table.among({"_payout": None})]
    return [
        row
        for row in rows
        if row["_payout"] is None
        and row["available_on"] <= now
        and (row["currency"], row["balance_type"]) == (currency, "payments")
        and not row.get("_gone")
    ]


def _own_row(books: Books, payout: Row) -> Row:
    amount, fees = payout["amount"], []
    if payout["method"] == "instant":
        fee = max(amount * INSTANT_FEE_PERCENT // 100, INSTANT_FEE_LEAST)
        fees = [{"type": "stripe_fee", "amount": fee, "description": "Instant payout fee"}]
    row = new_row(books, "payout", "payout", -amount, payout["currency"], source=payout["id"], fees=fees)
    row["description"] = payout["description"]
    payout["balance_transaction"] = row["id"]
    return row


def _new_payout(books: Books, currency: str, amount: int, method: str, *, automatic: bool, **given: Any) -> Row:
    instant = method == "instant"
    row = books.blank(
        "payout",
        amount=amount,
        application_fee=None,
        application_fee_amount=None,
        arrival_date=int(books.now()) if instant else _bank_day(books),
        automatic=automatic,
        balance_transaction=None,
        currency=currency,
        description="STRIPE PAYOUT",
        destination=bank_account(books, currency)["id"],
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        metadata=given.get("metadata"),
        method=method,
        original_payout=given.get("original_payout"),
        payout_method=None,
        reconciliation_status="in_progress" if automatic else "not_applicable",
        reversed_by=None,
        source_type="card",
        statement_descriptor=given.get("descriptor"),
        status="pending",
        trace_id={"status": "pending", "value": None},
        type="bank_account",
    )
    return books.put({**row, "_reached": False})


def _bank_day(books: Books) -> int:
    """Midnight (UTC) of the day two days on, or the Monday after it."""
    day = int(books.now()) // DAY + STANDARD_DAYS
    weekday = (day + 3) % 7  # day 0 was a Thursday
    return (day + max(0, 7 - weekday if weekday > 4 else 0)) * DAY


def bank_account(books: Books, currency: str) -> Row:
    """The bank account that payouts of a currency go to."""
    table = books.tables["bank_account"]
    known = [table.rows[place] for place in table.among({"currency": currency})]
    if known:
        return known[0]
    row = books.blank(
        "bank_account",
        account=books.traits.account_id,
        account_holder_name=books.traits.business_name,
        account_holder_type="company",
        bank_name="PRETEND BANK",
        country=books.traits.country,
        currency=currency,
        default_for_currency=True,
        last4="6789",
        routing_number="110000000",
        status="verified",
    )
    return books.put(row)


def _let_move(books: Books, payout: Row) -> None:
    """Let the payout go its usual way by itself, unless it is moved by hand or fails before."""
    if not books.traits.payouts_move:
        return
    arrives = max(payout["arrival_date"] - books.now(), 0) + (0 if payout["method"] == "instant" else ARRIVES_SECONDS)
    if payout["method"] == "standard":
        books.later(LEAVES_SECONDS, lambda: _move_if(books, payout, "in_transit"), payout["id"])
    books.later(arrives, lambda: _move_if(books, payout, "paid"), payout["id"])
    if payout["automatic"]:
        books.later(books.traits.reconcile_seconds, lambda: reconcile(books, payout), f"rows of {payout['id']}")


def _move_if(books: Books, payout: Row, status: str) -> None:
    if status in _NEXT.get(payout["status"], ()) and payout["status"] != "paid":
        move_payout(books, payout, status)


def move_payout(books: Books, payout: Row, status: str, failure_code: str = "", *, reached_bank: bool = False) -> None:
    """Let a payout go on: in_transit, paid, failed (also after paid) or canceled; ValueError where it cannot.

    ``reached_bank`` says of a failed one that the money was in the bank and went back, so that two deposits show.
    """
    if status not in _NEXT.get(payout["status"], ()):
        raise ValueError(f"payout {payout['id']} is {payout['status']} and cannot become {status!r}")
    before = {"status": payout["status"]}
    payout["status"] = status
    if status != "in_transit":
        books.call_off(payout["id"])
    if status in ("failed", "canceled"):
        _give_back(books, payout, failure_code)
        payout["_reached"] = reached_bank
    if status == "paid":
        payout["_reached"] = True
        before["trace_id"] = payout["trace_id"]
        payout["trace_id"] = {"status": "supported", "value": trace_of(payout)}
    if status == "in_transit":
        books.emit("payout.updated", payout, before)
    else:
        books.emit(f"payout.{status}", payout, before)


def _give_back(books: Books, payout: Row, failure_code: str) -> None:
    failed = payout["status"] == "failed"
    code = failure_code or "could_not_process"
    if failed and code not in FAILURES:
        raise ValueError(f"failure_code {code!r} is none of {', '.join(FAILURES)}")
    own = books.need(payout["balance_transaction"])
    # The fee of an instant payout that does not arrive comes back with it.
    fees = [{"type": each["type"], "amount": -each["amount"]} for each in own["fee_details"]]
    kind = "payout_failure" if failed else "payout_cancel"
    row = new_row(books, kind, "payout_reversal", -own["amount"], own["currency"], source=payout["id"], fees=fees)
    payout["failure_balance_transaction"] = row["id"]
    if failed:
        payout |= {"failure_code": code, "failure_message": FAILURES[code]}


def trace_of(payout: Row) -> str:
    """The number by which the bank knows the payout."""
    return str(zlib.crc32(payout["id"].encode())).zfill(15)


def trace(books: Books, payout: Row, status: str, value: str | None) -> None:
    """Change what Stripe says of the trace: pending, supported with a value, or unsupported."""
    before = {"trace_id": payout["trace_id"]}
    payout["trace_id"] = {"status": status, "value": value}
    books.emit("payout.updated", payout, before)


def reconcile(books: Books, payout: Row) -> None:
    """Let the rows of an automatic payout be known for sure, and tell of it; nothing when they are already."""
    if payout["reconciliation_status"] == "not_applicable":
        raise ValueError(f"payout {payout['id']} is not automatic: its rows are never known")
    if payout["reconciliation_status"] != "completed":
        books.call_off(f"rows of {payout['id']}")
        payout["reconciliation_status"] = "completed"
        books.emit("payout.reconciliation_completed", payout, {"reconciliation_status": "in_progress"})


def reverse_payout(books: Books, payout: Row) -> Row:
    """Take a payout back from the bank with a payout of the negative amount; ValueError unless paid and not reversed."""
    if payout["status"] != "paid" or payout["reversed_by"] or payout["original_payout"]:
        raise ValueError(f"payout {payout['id']} is {payout['status']}: only a paid one is reversed, and once")
    back = _new_payout(
        books, payout["currency"], -payout["amount"], "standard", automatic=False, original_payout=payout["id"]
    )
    _own_row(books, back)
    payout["reversed_by"] = back["id"]
    books.emit("payout.created", back)
    books.emit("payout.updated", payout, {"reversed_by": None})
    _let_move(books, back)
    return back


def roll_daily(books: Books) -> None:
    """Pay out each currency at every midnight from now on."""
    now = books.now()

    def pay_all() -> None:
        rows = books.tables["balance_transaction"].rows
        for currency in sorted({row["currency"] for row in rows}):
            there = sum(row["net"] for row in unpaid_rows(books, currency))
            # What Stripe does with the rest of an amount that must be whole hundreds is not known: all of it waits.
            if there and not (currency in WHOLE_HUNDREDS_OUT and there % 100):
                pay_out(books, currency, None, "standard", automatic=True)
        roll_daily(books)

    books.later(DAY - now % DAY, pay_all)
