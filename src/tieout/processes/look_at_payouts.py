"""Looks at every payout that is not settled: new ones, those that changed, and those that may still fail (M9; Stripe B9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tieout.domain.reconciliation.statement import Payout
from tieout.domain.reconciliation.verdict import EXPLAINED, TIED_OUT
from tieout.nodes._ports import Ports
from tieout.processes.match_bank import match_bank
from tieout.processes.reconcile_payout import reconcile_payout
from tieout.queries.payouts import unseen_payouts
from tieout.store import ledgers, payouts
from tieout.store.payouts import PayoutRow

READ_DAYS = 45
DAY_SECONDS = 86_400
AGAIN_SECONDS = 3600.0


@dataclass(slots=True)
class Looked:
    """What a look found: the verdict of each payout that was looked at."""

    verdicts: dict[str, str] = field(default_factory=dict)


def look_at_payouts(ports: Ports, connection: str, *, all_again: bool = False) -> Looked:
    """Read the payouts of the last weeks, match the bank, and look at those that need it; raises Failed.

    Older ones are looked at too while they are not settled, and those of which only a row of the balance tells.
    """
    stripe = ports.connections.stripe(connection)
    now = int(ports.clock())
    shown = list(stripe.payouts(now - READ_DAYS * DAY_SECONDS, now + DAY_SECONDS))
    with ports.books.reading() as db:
        kept = {row.payout.id: row for row in payouts.every(db, connection)}
        book = ledgers.book(db, connection)
    looked = Looked()
    for payout in reversed(shown):
        if not book.begun(payout.created):
            continue  # it left Stripe before the ledger began: nothing here was ever in transit for it
        if all_again or _needs_a_look(payout, kept.get(payout.id), ports.clock()):
            looked.verdicts[payout.id] = reconcile_payout(ports, connection, payout.id).state
    recent = {payout.id for payout in shown}
    for payout_id in (*unseen_payouts(ports.books, connection), *_open(kept.values(), ports.clock())):
        if payout_id not in recent:
            looked.verdicts[payout_id] = reconcile_payout(ports, connection, payout_id).state
    for payout_id in dict.fromkeys(match_bank(ports, connection).payouts):
        looked.verdicts[payout_id] = reconcile_payout(ports, connection, payout_id).state
    return looked


def _needs_a_look(shown: Payout, kept: PayoutRow | None, now: float) -> bool:
    """New or changed; or not settled, and the last look is an hour ago."""
    return kept is None or kept.payout != shown or _is_open(kept, now)


def _open(kept: Iterable[PayoutRow], now: float) -> list[str]:
    return [row.payout.id for row in kept if _is_open(row, now)]


def _is_open(kept: PayoutRow, now: float) -> bool:
    return kept.verdict not in (TIED_OUT, EXPLAINED) and (not kept.verdict or now - kept.checked_at >= AGAIN_SECONDS)
