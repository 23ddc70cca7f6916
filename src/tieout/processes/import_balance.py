"""Reads Stripe's balance page by page and posts it: the proof against gaps that no lost event can break (Stripe B14)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from tieout.connectors.stripe.client import Stripe
from tieout.domain.ledger.account import DEPOSITS
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.posting import Book
from tieout.kernel import crash
from tieout.kernel.failures import Failed, Retry
from tieout.kernel.log import log
from tieout.kernel.slices import slices
from tieout.nodes._ports import Ports
from tieout.operations.keep_changes import KeptChanges, Place, keep_changes
from tieout.operations.keep_unread import keep_unread, rows_unread
from tieout.processes._origins import with_invoices
from tieout.processes.bounced import tell_if_taken_back
from tieout.queries.proof import unposted_rows
from tieout.store import ledgers
from tieout.store.ledgers import LedgerRow

OVERLAP_SECONDS = 3 * 86_400
WINDOW_SECONDS = 86_400
READ_ROWS = 100
AGAIN_ROWS_MAX = 20

crash.register("import.after_page")


@dataclass(slots=True)
class Imported:
    """What one import did: each row it saw was posted, known, from before the first day, or waits.

    ``freed`` are rows that had waited and are posted now; ``open`` counts the exceptions about what it saw.
    """

    rows: int = 0
    posted: int = 0
    known: int = 0
    before: int = 0
    waiting: int = 0
    freed: int = 0
    open: int = 0

    def add(self, kept: KeptChanges, rows: int) -> None:
        """Count what became of so many rows."""
        self.rows += rows
        self.posted += kept.posted
        self.known += kept.known
        self.before += kept.before
        self.waiting += kept.waiting
        self.open += len(kept.open)


def import_balance(ports: Ports, connection: str, *, since: int | None = None) -> Imported:
    """Read every row from ``since`` (default: three days before the last reading's end) until now, and post what is new.

    Interrupted anywhere, the next call goes on at the page where it ended. Raises Failed.
    """
    with ports.books.reading() as db:
        ledger, book = ledgers.get(db, connection), ledgers.book(db, connection)
    assert ledger is not None, "a book was read for it"
    stripe, done = ports.connections.stripe(connection), Imported()
    for begins, ends, after in _windows(ledger, stripe, since, int(ports.clock()) + 1):
        _read(ports, connection, stripe, book, Place(begins, ends, after), done)
    _retry(ports, connection, book, done)
    _read_again(ports, connection, stripe, book, done)
    if done.posted or done.freed or done.open:
        log("balance imported", logging.INFO, connection=connection, rows=done.rows, posted=done.posted, open=done.open)
    return done


def _windows(ledger: LedgerRow, stripe: Stripe, since: int | None, now: int) -> Iterator[tuple[int, int, str]]:
    """A day at a time, oldest first; what an earlier reading left unfinished comes before all others."""
    begun = ledger.reading
    if begun is not None:
        yield begun
    start = _start(ledger, stripe) if since is None else since
    while start is not None and start < now:
        ends = min(start + WINDOW_SECONDS, now)
        yield start, ends, ""
        start = ends


def _start(ledger: LedgerRow, stripe: Stripe) -> int | None:
    if ledger.imported_until:
        return max(0, ledger.imported_until - OVERLAP_SECONDS)
    return stripe.balance_began()


def _read(ports: Ports, connection: str, stripe: Stripe, book: Book, place: Place, done: Imported) -> None:
    after = place.after
    while True:
        page = stripe.balance_page(place.begins, place.ends, after)
        changes = _complete(stripe, book, page.changes)
        kept = keep_changes(
            ports.books, connection, changes, book, ports.clock(), Place(place.begins, place.ends, page.after)
        )
        if page.unread:
            keep_unread(ports.books, connection, page.unread, book.policy.ledger_currency, ports.clock())
        for change in page.changes:
            tell_if_taken_back(ports, connection, change)
        crash.crash_point("import.after_page")
        done.add(kept, len(changes))
        if not page.after:
            return
        after = page.after


def _retry(ports: Ports, connection: str, book: Book, done: Imported) -> None:
    """Post what was open, however old, where a rate or a period has come since."""
    for some in slices(unposted_rows(ports.books, connection), READ_ROWS):
        kept = keep_changes(ports.books, connection, some, book, ports.clock())
        done.freed += kept.posted


def _read_again(ports: Ports, connection: str, stripe: Stripe, book: Book, done: Imported) -> None:
    """Post what could not be read before, where it can be read now."""
    for row in rows_unread(ports.books, connection, AGAIN_ROWS_MAX):
        try:
            change = stripe.balance_change(row)
        except Failed as error:
            if isinstance(error.failure, Retry):
                raise
            continue
        if change is not None:
            done.freed += keep_changes(
                ports.books, connection, _complete(stripe, book, (change,)), book, ports.clock()
            ).posted


def _complete(stripe: Stripe, book: Book, changes: tuple[BalanceChange, ...]) -> tuple[BalanceChange, ...]:
    """With the invoice of each payment, where it decides which account is credited (C2 #3, #4)."""
    return with_invoices(stripe, changes) if book.policy.sales_without_invoice == DEPOSITS else changes
