"""A refund without a credit memo: it repeats one that failed, or failed itself before anything was credited (C2 #13)."""

from __future__ import annotations

from tieout.domain.ledger.account import CLEARING, RECEIVABLE, REFUNDS_PAYABLE
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.entry import Entry, pair
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.posting import Book

KIND = "refund_repaid"


def repaid_source(refund: str) -> str:
    """What the entry of such a refund is posted for."""
    return f"{refund}:repaid"


def repaid_entry(row: BalanceChange, uncredited: int, book: Book) -> Entry:
    """Move what no credit memo of this refund covers from receivables to what is owed since a failure.

    ``uncredited`` is in the minor units of the row's currency. The refund's own entry debited receivables with all of it; P21
    has a refund payment for the credited part only, so the rest leaves clearing by a journal.
    """
    day = day_of(row.created, book.zone)
    value = book.rates.value(uncredited, row.currency, day)
    return Entry(
        source=repaid_source(row.source),
        kind=KIND,
        day=day,
        booked=day,
        currency=row.currency,
        ledger_currency=book.policy.ledger_currency,
        legs=(
            pair("not_credited", CLEARING, RECEIVABLE, uncredited, value, book.policy.refund_cash),
            pair("repaid", REFUNDS_PAYABLE, CLEARING, uncredited, value),
        ),
        subject=row.origin.payment or row.source,
        memo=f"Refund {row.source}: no credit memo stands for it",
    )
