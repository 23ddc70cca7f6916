"""Settles in the ledger's currency what a payout leaves in transit that came back at another rate (M10; accounting C5)."""

from __future__ import annotations

from tieout.domain.ledger.returns import return_fx
from tieout.domain.reconciliation.statement import Payout
from tieout.nodes._ports import Ports
from tieout.operations.post_entries import post_entries
from tieout.store import journal

ACTOR = "tieout"


def settle_return(ports: Ports, connection: str, payout: Payout) -> None:
    """Post the difference once, when both of the payout's own rows are posted."""
    if not (payout.returned and payout.own_row and payout.return_row):
        return
    with ports.books.reading() as db:
        posted = {
            one.entry.source: one.entry
            for one in journal.by_source(db, connection, [payout.own_row, payout.return_row])
        }
    left, came_back = posted.get(payout.own_row), posted.get(payout.return_row)
    entry = return_fx(payout.id, left, came_back) if left and came_back else None
    if entry is not None:
        post_entries(ports.books, connection, [entry], ACTOR, ports.clock())
