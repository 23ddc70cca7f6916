"""Records an act of a person: who, what, before, after, why and when; in the transaction that does it (security S50; case D3)."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.domain.audit.act import Act, Actor
from tieout.store import acts
from tieout.store.database import Database


def record_act(db: sa.Connection, who: Actor, act: Act, at: float) -> None:
    """Keep the act beside what it changes: both are committed, or neither. ``at`` in epoch seconds."""
    acts.add(db, who, act, at)


def record_alone(books: Database, who: Actor, act: Act, at: float) -> None:
    """Keep an act that starts something of many transactions, before the first of them."""
    with books.transaction() as db:
        acts.add(db, who, act, at)
