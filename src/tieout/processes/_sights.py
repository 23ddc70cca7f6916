"""Gathers all that is known of rows of the balance: as Stripe shows them, as kept, as posted, as excepted."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.reconciliation.match import Sight
from tieout.store import balance, exceptions, journal
from tieout.store.database import Database


def sights_of(books: Database, connection: str, shown: Sequence[BalanceChange]) -> list[Sight]:
    """One sight for each row, in the order given."""
    ids = [one.id for one in shown]
    with books.reading() as db:
        kept = {one.id: one for one in balance.numbered(db, connection, ids)}
        entries = {one.entry.source: one for one in journal.by_source(db, connection, ids)}
        excepted = {one.about for one in exceptions.about(db, ids) if one.closed_at is None and not one.is_break}
    return [
        Sight(
            one,
            kept.get(one.id),
            entries[one.id].entry if one.id in entries else None,
            entries[one.id].seq if one.id in entries else 0,
            one.id in excepted,
        )
        for one in shown
    ]
