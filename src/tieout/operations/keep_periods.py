"""Keeps the fiscal periods of a P21 company as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.domain.ledger.period import Period
from tieout.operations.record_act import record_act
from tieout.store import ledgers
from tieout.store.database import Database


def keep_periods(books: Database, p21: str, found: Sequence[Period], at: float = 0.0, who: Actor = PROGRAM) -> None:
    """Replace what is kept of that company; what changed is in the audit trail."""
    with books.transaction() as db:
        before = {one.name: _shown(one) for one in ledgers.read_periods(db, p21)}
        after = {one.name: _shown(one) for one in found}
        if before != after:
            ledgers.put_periods(db, p21, found)
            record_act(db, who, Act("ledger.periods", p21, _beside(before, after), _beside(after, before)), at)


def _shown(period: Period) -> str:
    return f"{period.begins} to {period.ends}, {'closed' if period.closed else 'open'}"


def _beside(ours: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
    return {name: said for name, said in ours.items() if others.get(name) != said}
