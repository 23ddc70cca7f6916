"""Keeps a payout as Stripe shows it now, which rows it contains, and when it was looked at in vain."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.reconciliation.statement import Payout
from tieout.store import payouts
from tieout.store.database import Database


def keep_payout(books: Database, connection: str, payout: Payout) -> None:
    """Keep a payout; its verdict stays while it is shown as it was."""
    with books.transaction() as db:
        payouts.put(db, connection, payout)


def keep_payout_lines(books: Database, connection: str, payout: str, changes: Sequence[str]) -> None:
    """Keep that these rows are in that payout."""
    with books.transaction() as db:
        payouts.put_lines(db, connection, payout, changes)


def keep_look(books: Database, connection: str, payout: str, at: float) -> None:
    """Keep that a look came to nothing, so that others have their turn."""
    with books.transaction() as db:
        payouts.looked(db, connection, payout, at)
