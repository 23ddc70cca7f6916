"""Looks at every payout that is not settled: new ones, those that changed, and those that may still fail (M9; Stripe B9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from tieout.domain.reconciliation.statement import Payout
from tieout.domain.reconciliation.verdict import ACCEPTED, TIED_OUT
from tieout.kernel.failures import Failed, Retry
from tieout.nodes._ports import Ports
from tieout.operations.keep_payout import keep_look
from tieout.processes.match_bank import match_bank
from tieout.processes.reconcile_payout import reconcile_payout
from tieout.queries.payouts import unseen_payouts
from tieout.store import ledgers, payouts
from tieout.store.payouts import PayoutRow

READ_DAYS = 45
DAY_SECONDS = 86_400
AGAIN_SECONDS = 3600.0
OLD_AT_ONCE = 20


@dataclass(slots=True)
class Looked:
    """What a look found: the verdict of each payout that was looked at."""

    verdicts: dict[str, str] = field(default_factory=dict)


def look_at_payouts(ports: Ports, connection: str, *, all_again: bool = False) -> Looked:
    """Read the payouts of the last weeks, match the bank, and look at those that need it.

    Older ones are looked at once a day while they are not settled, so many at a time, and those of which only a row of the
    balance tells. What cannot be looked at holds up no other: such a failure is raised at the end.
    """
    stripe = ports.connections.stripe(connection)
    now = ports.clock()
    shown = list(stripe.payouts(int(now) - READ_DAYS * DAY_SECONDS, int(now) + DAY_SECONDS))
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
        kept = {row.payout.id: row for row in payouts.every(db, connection) if book.begun(row.payout.created)}
    recent = [one for one in reversed(shown) if book.begun(one.created)]  # what left before was never in transit here
    look = _Look(ports, connection)
    look.at(one.id for one in recent if all_again or _needs_a_look(one, kept.get(one.id), now))
    look.at(_old(kept, {one.id for one in shown}, now))
    look.at(one for one in unseen_payouts(ports.books, connection) if one not in look.done.verdicts)
    look.at(dict.fromkeys(match_bank(ports, connection).payouts))
    if look.failed is not None:
        raise look.failed
    return look.done


@dataclass(slots=True)
class _Look:
    ports: Ports
    connection: str
    done: Looked = field(default_factory=Looked)
    failed: Failed | None = None

    def at(self, names: Iterable[str]) -> None:
        """Look at each; nothing more is asked of a system that is away."""
        for name in names:
            if self.failed is not None and isinstance(self.failed.failure, Retry):
                return
            try:
                self.done.verdicts[name] = reconcile_payout(self.ports, self.connection, name).state
            except Failed as error:
                self.failed = error
                if not isinstance(error.failure, Retry):
                    keep_look(self.ports.books, self.connection, name, self.ports.clock())


def _needs_a_look(shown: Payout, kept: PayoutRow | None, now: float) -> bool:
    """New or changed; or not settled, and the last look is an hour ago."""
    return kept is None or not kept.verdict or kept.payout != shown or _is_open(kept, now, AGAIN_SECONDS)


def _old(kept: Mapping[str, PayoutRow], shown: set[str], now: float) -> Iterator[str]:
    """Those that are open and not shown any more, the longest unlooked-at first."""
    rows = [row for row in kept.values() if row.payout.id not in shown and _is_open(row, now, DAY_SECONDS)]
    rows.sort(key=lambda row: (row.checked_at, row.payout.id))
    return islice((row.payout.id for row in rows), OLD_AT_ONCE)


def _is_open(kept: PayoutRow, now: float, again_seconds: float) -> bool:
    return kept.verdict not in (TIED_OUT, ACCEPTED) and now - kept.checked_at >= again_seconds
