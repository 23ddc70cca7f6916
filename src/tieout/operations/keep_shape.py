"""Keeps what the columns of a bank account's files are, once a person has said so (case P8)."""

from __future__ import annotations

from dataclasses import asdict

from tieout.connectors.bank import CsvColumns
from tieout.domain.audit.act import Act, Actor
from tieout.kernel.canonical import canonical
from tieout.operations.record_act import record_act
from tieout.store import bank
from tieout.store.database import Database


def keep_shape(books: Database, columns: CsvColumns, shape: str, who: Actor, at: float) -> None:
    """Keep the columns for files of that shape. The same again changes nothing and is no act."""
    told = canonical(asdict(columns))
    with books.transaction() as db:
        before = bank.shape_columns(db, columns.account, shape)
        if before == told:
            return
        bank.keep_shape(db, columns.account, shape, told, who.name, at)
        record_act(db, who, Act("bank.columns", columns.account, {"columns": before}, {"columns": told}), at)
