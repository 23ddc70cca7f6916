"""Keeps what a look at P21's documents found; what was open about the same ones and is gone is closed."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.reconciliation.match import Break
from tieout.operations.judge_payout import exception_of
from tieout.store import alerts, exceptions
from tieout.store.database import Database
from tieout.store.exceptions import BREAK

FOUND = "p21.break"


def keep_document_breaks(
    books: Database, connection: str, looked_at: Sequence[str], breaks: Sequence[Break], at: float
) -> None:
    """Keep the breaks about these subjects."""
    found = [exception_of(connection, one) for one in breaks if one.about in set(looked_at)]
    with books.transaction() as db:
        still = [(one.code, one.about) for one in found]
        exceptions.close_gone(db, connection, looked_at, f"{BREAK}p21.", still, at)
        for one in exceptions.open_(db, found, at):
            alerts.add(db, FOUND, one.sentence, one.about, at)
