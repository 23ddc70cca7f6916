"""What the columns of a bank's table are: as told, as confirmed before, or as guessed and to be confirmed (case P8)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tieout.connectors.bank import CsvColumns, Statement, guess_columns, is_table, read_statement, shape_of
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.operations.keep_shape import keep_shape
from tieout.store import bank

LISTS = ("description", "reference", "money_in", "money_out")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A guess that a person must confirm: the columns, whose export it looks like, what is in doubt, and what it would read."""

    columns: CsvColumns
    bank: str
    doubts: tuple[str, ...]
    statement: Statement


def columns_of(ports: Ports, name: str, content: bytes, account: str, currency: str) -> CsvColumns | Proposal | None:
    """The columns that were confirmed for files of this account and shape, else a proposal; None for a format that needs none."""
    if not is_table(name, content):
        return None
    if not account:
        sentence = f"{name} does not say which bank account it is of. Say so: --account NAME"
        raise Failed(Fix("bank.account", sentence, field="--account"))
    with ports.books.reading() as db:
        kept = bank.shape_columns(db, account, shape_of(name, content))
    if kept:
        return _columns(json.loads(kept))
    guess = guess_columns(name, content, account, currency)
    return Proposal(guess.columns, guess.bank, guess.doubts, read_statement(name, content, guess.columns))


def confirm_columns(ports: Ports, name: str, content: bytes, columns: CsvColumns) -> None:
    """Keep the columns for this account's files of this shape: they are not asked for again."""
    keep_shape(ports.books, columns, shape_of(name, content, columns.encoding), ports.who, ports.clock())


def _columns(kept: dict[str, Any]) -> CsvColumns:
    settings: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in kept.items()}
    return CsvColumns(**settings)
