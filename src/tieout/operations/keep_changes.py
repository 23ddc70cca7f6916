"""Keeps rows of Stripe's balance and posts each once, in one transaction: one entry, or one open exception (C3 I7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.posting import Book, Open, post
from tieout.domain.reconciliation.match import Sight, row_breaks
from tieout.kernel import crash
from tieout.kernel.money import CURRENCIES
from tieout.store import alerts, balance, exceptions, journal, ledgers
from tieout.store.database import Database
from tieout.store.exceptions import BREAK, ExceptionRow

ACTOR = "tieout"
UNKNOWN = "row.unknown"
OWN_CODES = ("row.", "rate.", "period.")

crash.register("ledger.before_keep")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading of the balance stands once these rows are kept: its time, and the cursor (empty: at its end)."""

    begins: int
    ends: int
    after: str = ""


@dataclass(slots=True)
class KeptChanges:
    """What became of the rows: each was posted now, was known, is from before the first day, or waits; and what is open."""

    posted: int = 0
    known: int = 0
    before: int = 0
    waiting: int = 0
    open: list[ExceptionRow] = field(default_factory=list)


def keep_changes(
    books: Database, connection: str, shown: Sequence[BalanceChange], book: Book, at: float, place: Place | None = None
) -> KeptChanges:
    """Keep and post rows; those that are posted already stay as they are. Safe to repeat."""
    every = {one.id: one for one in shown}
    shown = [one for one in every.values() if not _before_start(one, book)]
    with books.transaction() as db:
        done = _kept(db, connection, shown, book, at) if shown else KeptChanges()
        if place is not None and place.after:
            ledgers.put_reading(db, connection, place.begins, place.ends, place.after)
        elif place is not None:
            ledgers.put_mark(db, connection, place.ends)
        crash.crash_point("ledger.before_keep")
    done.before = len(every) - len(shown)
    return done


def _before_start(change: BalanceChange, book: Book) -> bool:
    return day_of(change.created, book.zone) < book.policy.starts


def _kept(db: sa.Connection, connection: str, shown: Sequence[BalanceChange], book: Book, at: float) -> KeptChanges:
    drifts = balance.add(db, connection, shown, [day_of(one.created, book.zone) for one in shown])
    posted_before = journal.sources(db, connection, [one.id for one in shown])
    done, entries = KeptChanges(known=len(posted_before)), []
    for change in shown:
        if change.id in posted_before:
            continue
        outcome = post(change, book)
        if isinstance(outcome, Open):
            done.open.append(_exception(connection, change, outcome))
            done.waiting += 1
            continue
        entries.append(outcome.entry)
        if outcome.open:
            done.open.append(_exception(connection, change, outcome.open))
    if entries:
        journal.add(db, connection, entries, ACTOR, at)
    done.posted = len(entries)
    done.open += [_drift(connection, one, book) for one in drifts]
    _settle(db, connection, [one.id for one in shown if one.id not in posted_before], done.open, at)
    return done


def _settle(
    db: sa.Connection, connection: str, looked_at: Sequence[str], found: Sequence[ExceptionRow], at: float
) -> None:
    """Open what is new and close what is no longer so; tell people of a kind that nobody has named."""
    still = [(one.code, one.about) for one in found]
    for prefix in OWN_CODES if looked_at else ():
        exceptions.close_gone(db, connection, looked_at, prefix, still, at)
    for one in exceptions.open_(db, found, at):
        about = f"{connection} {one.theirs}" if one.code == UNKNOWN else one.about
        if not alerts.raised(db, one.code, about):
            alerts.add(db, one.code, one.sentence, about, at)


def _exception(connection: str, change: BalanceChange, open_one: Open) -> ExceptionRow:
    kind = f"{change.category or '-'}/{change.type or '-'}"
    currency = change.currency if change.currency in CURRENCIES else "usd"
    return ExceptionRow(connection, open_one.code, change.id, change.net, currency, open_one.sentence, theirs=kind)


def _drift(connection: str, drift: balance.Drift, book: Book) -> ExceptionRow:
    found = next(iter(row_breaks(Sight(drift.shown, drift.kept, None, excepted=True), book)), None)
    sentence = (
        found.sentence if found else f"Stripe shows {drift.shown.id} otherwise than before. Look it up in Stripe."
    )
    amount, code = (found.amount, found.code) if found else (0, "row.kind")
    return ExceptionRow(
        connection, f"{BREAK}{code}", drift.shown.id, amount, drift.kept.currency, sentence, ours=drift.kept.id,
        theirs=drift.shown.id,
    )  # fmt: skip
