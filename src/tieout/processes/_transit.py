"""Settles in the ledger's currency what a foreign payout leaves in transit when no amount of it is left there (M10; C5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.transit import KIND, fx_source, transit_fx
from tieout.domain.reconciliation.statement import Payout
from tieout.nodes._ports import Ports
from tieout.operations.book_or_ask import Booking
from tieout.operations.post_entries import post_entries
from tieout.queries.bank_leg import deposit_legs
from tieout.store import journal

ACTOR = "tieout"
TIMES_MAX = 50  # a payout comes and goes a few times at most


def settle_transit(ports: Ports, connection: str, payout: Payout, book: Book) -> None:
    """Post the difference, once all that moved transit for it is posted and comes to nothing."""
    if payout.currency == book.policy.ledger_currency or not payout.own_row:
        return
    needed = dict.fromkeys((one for one in (payout.own_row, payout.return_row if payout.returned else "") if one), "")
    needed |= deposit_legs(ports.books, connection, payout.id)
    settled = [fx_source(payout.id, number) for number in range(1, TIMES_MAX)]
    with ports.books.reading() as db:
        kept = journal.by_source(db, connection, [*needed, *settled])
    posted = {one.entry.source: _part(one.entry, needed) for one in kept}
    number = sum(one in posted for one in settled) + 1
    whole = all(one in posted for one in needed)
    entry = transit_fx(payout.id, list(posted.values()), number) if whole else None
    booking = Booking(ports.books, connection, book, KIND, ports.clock())
    if entry is None:
        booking.drop(fx_source(payout.id, number))
    elif stands := booking.book_or_ask(entry):
        post_entries(ports.books, connection, [stands], ACTOR, ports.clock())


def _part(entry: Entry, legs: Mapping[str, str]) -> Entry:
    """Of an entry that several payouts share only the leg that is this one's."""
    name = legs.get(entry.source, "")
    return replace(entry, legs=tuple(leg for leg in entry.legs if leg.name == name)) if name else entry
