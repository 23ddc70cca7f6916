"""Reads the lines of bank statements, each with the payouts it is matched with (accounting C3 I5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.reconciliation.deposit import BankLine
from tieout.store import bank
from tieout.store.database import Database
from tieout.store.ledger_tables import deposits


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line of the bank; ``payouts`` is empty while nobody knows what it is. ``how`` says by what it was known."""

    line: BankLine
    payouts: tuple[str, ...]
    how: str


def lines_of_bank(
    books: Database, account: str = "", begins: str = "", ends: str = "9999-12-31", *, unmatched: bool = False
) -> tuple[MatchedLine, ...]:
    """The lines of a time (YYYY-MM-DD, both included), newest first."""
    with books.reading() as db:
        lines, known = bank.every(db, account, begins=begins, ends=ends), _matches(db)
    found = (
        MatchedLine(one, tuple(sorted(known.get(one.id, {}))), _how(known.get(one.id, {}))) for one in reversed(lines)
    )
    return tuple(one for one in found if not (unmatched and one.payouts))


def _matches(db: sa.Connection) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in db.execute(sa.select(deposits.c.line, deposits.c.payout, deposits.c.how)):
        found.setdefault(row.line, {})[row.payout] = row.how
    return found


def _how(matches: Mapping[str, str]) -> str:
    return ", ".join(sorted(set(matches.values())))
