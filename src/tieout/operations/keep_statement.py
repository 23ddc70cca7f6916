"""Keeps the lines of a bank statement, each once however often its file is read."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.reconciliation.deposit import BankLine
from tieout.store import bank
from tieout.store.database import Database


def keep_statement(books: Database, lines: Sequence[BankLine], digest: str, at: float) -> int:
    """Keep the lines; answers how many were new."""
    with books.transaction() as db:
        return bank.add(db, lines, digest, at)
