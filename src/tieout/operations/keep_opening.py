"""Posts the opening balance of a ledger, once: its entries, and that it is open, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.ledger.entry import Entry
from tieout.store import journal, ledgers
from tieout.store.database import Database

ACTOR = "tieout"


def keep_opening(books: Database, connection: str, entries: Sequence[Entry], at: float) -> None:
    """Post the entries and open the ledger; one that is open already stays as it is."""
    with books.transaction() as db:
        ledger = ledgers.get(db, connection)
        if ledger is None or ledger.opened:
            return
        if entries:
            journal.add(db, connection, entries, ACTOR, at)
        ledgers.put_opened(db, connection)
