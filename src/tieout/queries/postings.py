"""Reads journals on their way to P21."""

from __future__ import annotations

from tieout.domain.ledger.policy import Policy
from tieout.store import ledgers, postings
from tieout.store.database import Database
from tieout.store.postings import JournalRow


def journal_and_policy(books: Database, number: int) -> tuple[JournalRow | None, Policy]:
    """A journal by its number, with the policy of its ledger."""
    with books.reading() as db:
        row = postings.get(db, number)
        ledger = ledgers.get(db, row.connection) if row else None
    return row, ledger.policy if ledger else Policy()
