"""Reads what the proof of a balance is made of: sums of rows, the opening, the clearing account, and what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.ledger.account import CLEARING
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.reconciliation.proof import Proof, proof_of
from tieout.kernel.slices import slices
from tieout.store import balance, exceptions, journal
from tieout.store.database import Database
from tieout.store.ledger_tables import entries, entry_lines

READ_IDS = 500
PAYMENTS, OPENED = "payments", "opening"


@dataclass(frozen=True, slots=True)
class Standing:
    """By currency, in minor units: nets of rows by category (and how many), opening, clearing, and what is not posted."""

    sums: Mapping[str, Mapping[str, tuple[int, int]]]
    opening: Mapping[str, int]
    clearing: Mapping[str, int]
    unposted: Mapping[str, int]

    def proofs(self, stands: Mapping[str, int]) -> tuple[Proof, ...]:
        """The proof of each currency; ``stands`` is Stripe's own figure."""
        currencies = sorted({*stands, *self.sums, *self.clearing})
        return tuple(
            proof_of(
                currency,
                self.opening.get(currency, 0),
                self.sums.get(currency, {}),
                stands.get(currency, 0),
                self.clearing.get(currency, 0),
                self.unposted.get(currency, 0),
            )
            for currency in currencies
        )


def standing(books: Database, connection: str) -> Standing:
    """What a ledger stands at now."""
    with books.reading() as db:
        cleared = journal.balance(db, connection, CLEARING)
        return Standing(
            balance.by_category(db, connection, PAYMENTS),
            clearing_opened(db, connection),
            {currency: amount for currency, (amount, _) in cleared.items()},
            _unposted(db, connection),
        )


def clearing_opened(db: sa.Connection, connection: str) -> dict[str, int]:
    """By currency in minor units, what clearing began with; the opening list of documents has no part in it."""
    found = (
        sa.select(entries.c.currency, sa.func.sum(entry_lines.c.amount))
        .join(entry_lines, entry_lines.c.entry == entries.c.seq)
        .where(entries.c.connection == connection, entries.c.kind == OPENED, entry_lines.c.account == CLEARING)
        .group_by(entries.c.currency)
    )
    return {row[0]: int(row[1]) for row in db.execute(found)}


def unposted_rows(books: Database, connection: str) -> list[BalanceChange]:
    """The rows that have an open exception and no entry, as they are kept."""
    with books.reading() as db:
        return _waiting(db, connection)


def _unposted(db: sa.Connection, connection: str) -> dict[str, int]:
    """By currency, the net of the rows that have an open exception and no entry."""
    found: dict[str, int] = {}
    for change in _waiting(db, connection):
        if change.balance_type == PAYMENTS:
            found[change.currency] = found.get(change.currency, 0) + change.net
    return found


def _waiting(db: sa.Connection, connection: str) -> list[BalanceChange]:
    ids = [one.about for one in exceptions.opened(db, connection) if not one.is_break]
    found: list[BalanceChange] = []
    for some in slices(ids, READ_IDS):
        posted = journal.sources(db, connection, some)
        found += balance.numbered(db, connection, [one for one in some if one not in posted])
    return found
