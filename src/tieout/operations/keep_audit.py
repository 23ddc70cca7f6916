"""Keeps what an audit of rows found; what was open about the same rows and is gone is closed."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.reconciliation.match import Break
from tieout.operations.judge_payout import exception_of
from tieout.store import alerts, balance, exceptions
from tieout.store.database import Database
from tieout.store.exceptions import BREAK

FOUND = "audit.break"
PREFIXES = (f"{BREAK}row", f"{BREAK}posting")


def keep_audit(books: Database, connection: str, begins: int, ends: int, breaks: Sequence[Break], at: float) -> None:
    """Keep the breaks of the rows created in a time (epoch seconds)."""
    found = [exception_of(connection, one) for one in breaks]
    with books.transaction() as db:
        still = {(one.code, one.about) for one in found}
        looked_at = [
            one.about
            for one in exceptions.opened(db, connection, code=BREAK)
            if one.code.startswith(PREFIXES) and balance.is_between(db, connection, one.about, begins, ends)
        ]
        for prefix in PREFIXES:
            exceptions.close_gone(db, connection, looked_at, prefix, still, at)
        for one in exceptions.open_(db, found, at):
            alerts.add(db, FOUND, one.sentence, one.about, at)
