"""Keeps the verdict of a look at a payout: its breaks are open exceptions, those that are gone are closed."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.reconciliation.match import Break
from tieout.domain.reconciliation.verdict import ACCEPTED, BROKEN, Lines, Verdict
from tieout.store import alerts, exceptions, payouts
from tieout.store.database import Database
from tieout.store.exceptions import BREAK, ExceptionRow

PAYOUT_BROKEN = "payout.broken"


def judge_payout(
    books: Database, connection: str, lines: Lines, verdict: Verdict, looked_at: Sequence[str], at: float
) -> str:
    """Keep the verdict; ``looked_at`` are the ids of the rows that were compared: what was open about them may close.

    Answers the state that is kept: a payout whose every break a person has accepted is accepted.
    """
    payout = lines.payout
    found = [exception_of(connection, one, payout.id) for one in verdict.breaks]
    with books.transaction() as db:
        state = verdict.state
        if found and len(exceptions.accepted(db, found)) == len({(one.code, one.about) for one in found}):
            state = ACCEPTED
        row = payouts.PayoutRow(connection, payout, state, lines.count, lines.gross, lines.fees)
        payouts.judge(db, row, at)
        still = [(one.code, one.about) for one in found]
        exceptions.close_gone(db, connection, [*looked_at, payout.id], BREAK, still, at)
        fresh = exceptions.open_(db, found, at)
        if fresh and verdict.state == BROKEN:
            alerts.add(db, PAYOUT_BROKEN, f"{payout.id} does not tie out: {fresh[0].sentence}", payout.id, at)
    return state


def exception_of(connection: str, one: Break, payout: str = "") -> ExceptionRow:
    """A break as it is kept."""
    return ExceptionRow(
        connection,
        f"{BREAK}{one.code}",
        one.about,
        one.amount,
        one.currency,
        one.sentence,
        payout,
        one.ours,
        one.theirs,
    )
