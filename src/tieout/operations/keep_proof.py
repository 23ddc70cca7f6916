"""Keeps the last proof of a balance; what it is off by is an open break until it agrees again."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.reconciliation.match import Break
from tieout.domain.reconciliation.proof import Proof
from tieout.operations.judge_payout import exception_of
from tieout.store import alerts, exceptions, ledgers
from tieout.store.database import Database
from tieout.store.exceptions import BREAK

OFF = "balance.off"


def keep_proof(books: Database, connection: str, proofs: Sequence[Proof], breaks: Sequence[Break], at: float) -> None:
    """Keep the proofs by currency."""
    found = [exception_of(connection, one) for one in breaks]
    with books.transaction() as db:
        ledgers.put_proof(db, connection, {one.currency: one.document() for one in proofs}, at)
        still = [(one.code, one.about) for one in found]
        exceptions.close_gone(db, connection, [one.currency for one in proofs], f"{BREAK}balance.", still, at)
        for one in exceptions.open_(db, found, at):
            alerts.add(db, OFF, f"The balance of {connection} does not agree. {one.sentence}", connection, at)
