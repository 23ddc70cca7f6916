"""Keeps which entries have no row; those that have one by now are closed."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.reconciliation.match import Break
from tieout.operations.judge_payout import exception_of
from tieout.store import alerts, exceptions
from tieout.store.database import Database
from tieout.store.exceptions import BREAK

STRAY = f"{BREAK}stray"


def keep_strays(books: Database, connection: str, breaks: Sequence[Break], at: float) -> None:
    """Keep all of them as they are now."""
    found = [exception_of(connection, one) for one in breaks]
    with books.transaction() as db:
        before = [one.about for one in exceptions.opened(db, connection, code=STRAY)]
        exceptions.close_gone(db, connection, before, STRAY, [(one.code, one.about) for one in found], at)
        for one in exceptions.open_(db, found, at):
            alerts.add(db, STRAY, one.sentence, one.about, at)
