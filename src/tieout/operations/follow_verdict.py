"""Lets the verdict of a payout follow what a person decided about it, at once: nobody has to look at Stripe again (case P5)."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.domain.reconciliation.verdict import ACCEPTED, BROKEN, TIED_OUT, verdict
from tieout.store import exceptions, payouts
from tieout.store.exceptions import BREAK


def follow_verdict(db: sa.Connection, connection: str, payout: str, at: float, *, settled: bool) -> str:
    """Keep the verdict that follows now, and answer it; empty where only the next look can tell.

    ``settled`` says that an entry settled what the bank was short of, so that the bank alone decides.
    """
    row = payouts.get(db, payout, connection) if payout else None
    if row is None:
        return ""
    state = _state(db, row, settled)
    payouts.look_again(db, connection, payout)
    if state:
        payouts.follow(db, connection, payout, state, at)
    return state


def _state(db: sa.Connection, row: payouts.PayoutRow, settled: bool) -> str:
    name = row.payout.id
    if exceptions.opened(db, row.connection, payout=name, code=BREAK):
        return BROKEN
    accepted = exceptions.accepted_since(db, row.connection, name, row.checked_at)
    if accepted and row.verdict == BROKEN:
        return ACCEPTED
    if not settled:
        return ""
    found = verdict(row.payout, (), payouts.received(payouts.deposits_of(db, row.connection, name)))
    return found.state if found.state == TIED_OUT and row.verdict == BROKEN else ""
