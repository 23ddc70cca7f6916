"""Keeps the fiscal periods of a P21 company as they are now."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.ledger.period import Period
from tieout.store import ledgers
from tieout.store.database import Database


def keep_periods(books: Database, p21: str, found: Sequence[Period]) -> None:
    """Replace what is kept of that company."""
    with books.transaction() as db:
        ledgers.put_periods(db, p21, found)
