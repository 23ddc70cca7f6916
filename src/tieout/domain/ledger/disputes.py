"""The outcome of a dispute: what is still owed on it is written off, or what came back too late is a recovery (C2 #16 to #18)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.domain.ledger.account import DISPUTES_RECEIVABLE, FX, RECOVERIES
from tieout.domain.ledger.entry import Entry, pair
from tieout.domain.ledger.posting import Book

LOST, WON = ("lost",), ("won", "warning_closed", "prevented")
KIND = "dispute_outcome"


def outcome_entry(
    dispute: str,
    status: str,
    owed: Mapping[str, int],
    values: Mapping[str, int],
    number: int,
    book: Book,
    day: str,
) -> Entry | None:
    """The entry that brings a decided dispute to nothing; None while it is open, or when nothing is left.

    ``owed`` is what stands on disputes receivable for it, by currency in minor units: positive is still owed; ``values`` is
    what the ledger carries it at, so that nothing stays behind when rates moved (C5). ``number`` counts the outcomes posted
    for it, because a dispute may be decided again (B10).
    """
    left = [(currency, amount) for currency, amount in owed.items() if amount or values[currency]]
    if len(left) != 1:
        return None
    currency, amount = left[0]
    account = _account(status, amount, book)
    if not account:
        return None
    value = values[currency]
    return Entry(
        source=f"{dispute}:{number}",
        kind=KIND,
        day=day,
        booked=day,
        currency=currency,
        ledger_currency=book.policy.ledger_currency,
        legs=(pair("outcome", account, DISPUTES_RECEIVABLE, amount, value),),
        subject=dispute,
        memo=f"Dispute {dispute} {status}",
    )


def _account(status: str, amount: int, book: Book) -> str:
    """What is owed on a lost dispute is a loss; what came back on one that was written off lowers it, or is a recovery.

    Where only a value is left, the rates of the days it went and came differ.
    """
    if not amount:
        return FX if status in (*LOST, *WON) else ""
    if status in LOST:
        return book.policy.lost_disputes
    return RECOVERIES if status in WON and amount < 0 else ""
