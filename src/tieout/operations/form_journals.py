"""Forms P21 journals from entries that no journal carries yet: one a day for each currency, or one for each entry (C8).

What is formed never changes; an entry that comes later for the same day goes into a further journal of that day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.domain.ledger.account import ACCOUNTS
from tieout.domain.ledger.journal import JournalLine, Unmapped, journal_lines
from tieout.kernel import crash
from tieout.kernel.money import Money
from tieout.store import alerts, exceptions, ledgers, postings
from tieout.store.database import Database
from tieout.store.exceptions import ExceptionRow
from tieout.store.journal import KeptEntry
from tieout.store.ledgers import LedgerRow

ENTRIES_MAX = 5_000
UNMAPPED = "account.missing"

crash.register("ledger.before_form")


@dataclass(frozen=True, slots=True)
class _Batch:
    name: str
    booked: str
    currency: str
    entries: tuple[KeptEntry, ...]


def form_journals(books: Database, connection: str, at: float) -> int:
    """Form what is due; answers how many journals were formed. An account without a P21 number is an open exception."""
    with books.reading() as db:
        ledger = ledgers.get(db, connection)
        groups = postings.groups(db, connection)
    if ledger is None or not ledger.policy.p21 or ledger.accounts is None:
        return 0
    missing: set[str] = set()
    formed = sum(_group(books, ledger, booked, currency, missing, at) for booked, currency, _ in groups)
    if groups:
        still = [(UNMAPPED, account) for account in missing]
        with books.transaction() as db:
            exceptions.close_gone(db, connection, list(ACCOUNTS), UNMAPPED, still, at)
    return formed


def _group(books: Database, ledger: LedgerRow, booked: str, currency: str, missing: set[str], at: float) -> int:
    """Form all of one day and currency; another process that does the same at the same time takes its share."""
    formed = 0
    while True:
        with books.transaction() as db:
            batches = _next(db, ledger, booked, currency)
            done = sum(_formed(db, ledger, batch, missing, at) for batch in batches)
            crash.crash_point("ledger.before_form")
        formed += done
        if not batches or done < len(batches):
            return formed


def _next(db: sa.Connection, ledger: LedgerRow, booked: str, currency: str) -> list[_Batch]:
    found = postings.waiting(db, ledger.connection, booked, currency, ENTRIES_MAX)
    if not found:
        return []
    if ledger.policy.journals == "detail":
        return [_Batch(kept.entry.source, booked, currency, (kept,)) for kept in found]
    day = f"{booked}:{currency}"
    return [_Batch(f"{day}:{postings.named(db, ledger.connection, day) + 1}", booked, currency, tuple(found))]


def _formed(db: sa.Connection, ledger: LedgerRow, batch: _Batch, missing: set[str], at: float) -> bool:
    assert ledger.accounts is not None, "looked at before"
    branches = ledger.branches if ledger.policy.balance_branches else None
    lines = journal_lines([kept.entry for kept in batch.entries], ledger.accounts, ledger.connection, branches)
    if isinstance(lines, Unmapped):
        _ask(db, ledger.connection, lines, at)
        missing.update(account for account, _ in lines.needed)
        return False
    carried = [kept.seq for kept in batch.entries]
    if lines:
        postings.form(db, _row(ledger, batch, lines, at), carried)
    else:
        postings.drop(db, carried)
    return True


def _row(ledger: LedgerRow, batch: _Batch, lines: Sequence[JournalLine], at: float) -> dict[str, Any]:
    return {
        "connection": ledger.connection, "p21": ledger.policy.p21, "name": batch.name, "booked": batch.booked,
        "currency": batch.currency, "document": _document(ledger, batch, lines), "state": postings.DUE, "at": at,
    }  # fmt: skip


def _document(ledger: LedgerRow, batch: _Batch, lines: Sequence[JournalLine]) -> dict[str, Any]:
    home = ledger.policy.ledger_currency
    what = batch.entries[0].entry.memo if len(batch.entries) == 1 else f"{len(batch.entries)} entries of {batch.booked}"
    return {
        "date": batch.booked,
        "currency": batch.currency,
        "description": f"Stripe {ledger.connection}: {what}",
        "lines": [_line(line, batch.currency, home) for line in lines],
    }


def _line(line: JournalLine, currency: str, home: str) -> Mapping[str, str]:
    said = {
        "account": line.number,
        "amount": str(Money(home, line.value).decimal()),
        "description": ACCOUNTS[line.account].title,
    }
    return said if currency == home else {**said, "foreign_amount": str(Money(currency, line.amount).decimal())}


def _ask(db: sa.Connection, connection: str, unmapped: Unmapped, at: float) -> None:
    """Ask for the P21 account of every account that has none; once for each."""
    found = []
    for account, labels in unmapped.needed:
        told = ", ".join(f"{name} {value}" for name, value in sorted(labels.items()))
        sentence = (
            f"No P21 account is mapped to {ACCOUNTS[account].title} ({account}; needed for {told}). "
            "Add it to the account map: tieout ledger accounts."
        )
        found.append(ExceptionRow(connection, UNMAPPED, account, 0, labels.get("currency", "usd"), sentence))
    for one in exceptions.open_(db, found, at):
        alerts.add(db, UNMAPPED, one.sentence, f"{connection} {one.about}", at)
