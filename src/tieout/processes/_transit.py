"""Settles in the ledger's currency what a foreign payout leaves in transit when no amount of it is left there (M10; C5)."""

from __future__ import annotations

from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.transit import fx_source, transit_fx
from tieout.domain.reconciliation.statement import Payout
from tieout.nodes._ports import Ports
from tieout.operations.post_entries import post_entries
from tieout.queries.bank_leg import deposit_sources
from tieout.store import journal

ACTOR = "tieout"
TIMES_MAX = 50  # a payout comes and goes a few times at most


def settle_transit(ports: Ports, connection: str, payout: Payout, book: Book) -> None:
    """Post the difference, once all that moved transit for it is posted and comes to nothing."""
    if payout.currency == book.policy.ledger_currency or not payout.own_row:
        return
    deposits = deposit_sources(ports.books, connection, payout.id)
    if deposits is None:
        return  # one line for several payouts is shared out exactly: nothing is left of it
    rows = [one for one in (payout.own_row, payout.return_row if payout.returned else "") if one]
    settled = [fx_source(payout.id, number) for number in range(1, TIMES_MAX)]
    with ports.books.reading() as db:
        posted = {
            one.entry.source: one.entry for one in journal.by_source(db, connection, [*rows, *deposits, *settled])
        }
    if not all(one in posted for one in (*rows, *deposits)):
        return
    entry = transit_fx(payout.id, list(posted.values()), sum(one in posted for one in settled) + 1)
    if entry is not None:
        post_entries(ports.books, connection, [entry], ACTOR, ports.clock())
