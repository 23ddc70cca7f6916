"""Keeps the lines of a bank statement, each once however often its file is read."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.domain.reconciliation.deposit import BankLine
from tieout.operations.record_act import record_act
from tieout.store import bank
from tieout.store.database import Database


def keep_statement(books: Database, lines: Sequence[BankLine], digest: str, at: float, who: Actor = PROGRAM) -> int:
    """Keep the lines; answers how many were new."""
    with books.transaction() as db:
        new = bank.add(db, lines, digest, at)
        accounts = sorted({one.account for one in lines})
        record_act(db, who, Act("bank.import", ", ".join(accounts), {}, {"lines": len(lines), "new": new}), at)
    return new
