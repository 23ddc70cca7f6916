"""Reads entries that say they are a row of the balance, and for which no row is kept (accounting C3 I7)."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.domain.ledger.rules import UNKNOWN, catalogue
from tieout.store import journal
from tieout.store.database import Database
from tieout.store.journal import KeptEntry
from tieout.store.ledger_tables import balance_changes, entries

READ_MAX = 500
REVERSED = ":rev:1"


def entries_without_row(books: Database, connection: str) -> list[KeptEntry]:
    """The first of them that are not reversed, oldest first."""
    kinds = [rule.name for rule in catalogue()] + [UNKNOWN.name]
    undone = sa.select(entries.c.source).where(entries.c.connection == connection, entries.c.kind == "reversal")
    row = sa.and_(balance_changes.c.connection == entries.c.connection, balance_changes.c.id == entries.c.source)
    found = (
        sa.select(entries.c.seq)
        .outerjoin(balance_changes, row)
        .where(entries.c.connection == connection, entries.c.kind.in_(kinds), balance_changes.c.id.is_(None))
        .where((entries.c.source + REVERSED).not_in(undone))
        .order_by(entries.c.seq)
        .limit(READ_MAX)
    )
    with books.reading() as db:
        return journal.numbered(db, list(db.execute(found).scalars()))
