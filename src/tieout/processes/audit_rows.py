"""Reads rows of Stripe's balance again and compares each with what is kept and posted: nothing missing, nothing too many.

Unlike an import it trusts nothing that was read before; it is the nightly half of the gap proof (Stripe B14; C3 I7).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from tieout.connectors.stripe.balance import Page
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.posting import Book
from tieout.domain.reconciliation.match import Break, Sight, row_breaks
from tieout.kernel.slices import slices
from tieout.nodes._ports import Ports
from tieout.operations.keep_audit import keep_audit
from tieout.operations.keep_changes import keep_changes
from tieout.processes._sights import sights_of
from tieout.store import balance, journal, ledgers
from tieout.store.database import Database

WINDOW_SECONDS = 86_400
KEPT_AT_ONCE = 100


class Rows(Protocol):
    """Where rows are read."""

    def balance_page(self, since: int, until: int, after: str = "") -> Page:
        """Rows created in a time, newest first."""
        ...


@dataclass(slots=True)
class Audit:
    """What an audit saw: how many rows, and every break."""

    rows: int = 0
    breaks: list[Break] = field(default_factory=list)


def audit_rows(ports: Ports, connection: str, since: int, until: int) -> Audit:
    """Audit the rows created from ``since`` until before ``until`` (epoch seconds); missing ones are posted at once."""
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
    audit = Audit()
    rows = ports.connections.stripe(connection)
    for begins in range(since, until, WINDOW_SECONDS):
        ends = min(begins + WINDOW_SECONDS, until)
        known = len(audit.breaks)
        seen = _compare(ports.books, connection, rows, book, begins, ends, audit)
        mend = [one.shown for one in seen if one.shown and one.entry is None]
        for some in slices(mend, KEPT_AT_ONCE):
            keep_changes(ports.books, connection, some, book, ports.clock())
        keep_audit(ports.books, connection, begins, ends, _lasting(audit.breaks[known:]), ports.clock())
    return audit


def _lasting(breaks: list[Break]) -> list[Break]:
    """What is missing is read again at once, and so is no break that lasts."""
    return [one for one in breaks if one.code not in ("row", "posting") or one.kind != "missing"]


def _compare(
    books: Database, connection: str, rows: Rows, book: Book, begins: int, ends: int, audit: Audit
) -> list[Sight]:
    """Compare one window; answers the sights of rows that have no entry."""
    seen: set[str] = set()
    unposted = []
    for shown in _pages(rows, begins, ends):
        wanted = [one for one in shown if day_of(one.created, book.zone) >= book.policy.starts]
        for sight in sights_of(books, connection, wanted):
            audit.breaks += row_breaks(sight, book)
            if sight.entry is None:
                unposted.append(sight)
        seen.update(one.id for one in wanted)
        audit.rows += len(wanted)
    audit.breaks += _too_many(books, connection, book, begins, ends, seen)
    return unposted


def _pages(rows: Rows, begins: int, ends: int) -> Iterator[tuple[BalanceChange, ...]]:
    after = ""
    while True:
        page = rows.balance_page(begins, ends, after)
        yield page.changes
        if not page.after:
            return
        after = page.after


def _too_many(books: Database, connection: str, book: Book, begins: int, ends: int, seen: set[str]) -> Iterator[Break]:
    """What is kept for that time, and Stripe does not list."""
    with books.reading() as db:
        strays = [one for one in balance.between(db, connection, begins, ends) if one.id not in seen]
        posted = {one.entry.source: one for one in journal.by_source(db, connection, [one.id for one in strays])}
    for stray in strays:
        entry = posted.get(stray.id)
        yield from row_breaks(Sight(None, stray, entry.entry if entry else None, entry.seq if entry else 0), book)
