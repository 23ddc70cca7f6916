"""Orders that stand in P21 for payments, as far as we know."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.writing import State
from tieout.store import states
from tieout.store.database import Database
from tieout.store.tables import intents, links, runs


@dataclass(frozen=True, slots=True)
class WrittenOrder:
    """An order in the P21 ``connection``, and the payment that it was written for."""

    connection: str
    order_no: str
    payment: str


def written_orders(books: Database, account: str, since: float, limit: int) -> tuple[WrittenOrder, ...]:
    """Those written for payments of a Stripe account since a moment (epoch seconds), by runs that have ended; newest first."""
    same = sa.and_(intents.c.connection == links.c.connection, intents.c.reference == links.c.reference)
    found = (
        sa.select(links.c.connection, links.c.key, links.c.subject)
        .join(intents, same)
        .join(runs, runs.c.id == links.c.run)
        .where(links.c.origin == account, links.c.entity == "sales_order", links.c.at >= since)
        .where(links.c.subject.startswith("pi_"), links.c.subject == runs.c.subject)
        .where(intents.c.state == State.CONFIRMED.value, runs.c.state == states.APPLIED)
        .order_by(links.c.at.desc(), links.c.reference)
        .limit(limit)
    )
    with books.reading() as db:
        return tuple(WrittenOrder(row.connection, row.key, row.subject) for row in db.execute(found))
