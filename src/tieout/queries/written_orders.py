"""Orders that stand in P21 for payments, as far as we know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.writing import State
from tieout.kernel.slices import slices
from tieout.store import states
from tieout.store.database import Database
from tieout.store.tables import intents, links, runs

READ_MAX = 400


@dataclass(frozen=True, slots=True)
class WrittenOrder:
    """An order in the P21 ``connection``, the payment that it was written for, and when that was (epoch seconds)."""

    connection: str
    order_no: str
    payment: str
    at: float


def written_orders(
    books: Database, account: str, since: float, limit: int, asked_about: Sequence[str]
) -> tuple[WrittenOrder, ...]:
    """Those written for payments of a Stripe account by runs that have ended, newest first: the last ones since a moment (epoch
    seconds), and, however old, those of the payments ``asked_about``."""
    newest = _written(account).where(links.c.at >= since).limit(limit)
    found: dict[WrittenOrder, None] = {}
    with books.reading() as db:
        for some in (
            newest,
            *(_written(account).where(links.c.subject.in_(part)) for part in slices(asked_about, READ_MAX)),
        ):
            found |= {WrittenOrder(row.connection, row.key, row.subject, row.at): None for row in db.execute(some)}
    return tuple(found)


def _written(account: str) -> sa.Select[tuple[str, str, str, float]]:
    same = sa.and_(intents.c.connection == links.c.connection, intents.c.reference == links.c.reference)
    return (
        sa.select(links.c.connection, links.c.key, links.c.subject, links.c.at)
        .join(intents, same)
        .join(runs, runs.c.id == links.c.run)
        .where(links.c.origin == account, links.c.entity == "sales_order")
        .where(links.c.subject.startswith("pi_"), links.c.subject == runs.c.subject)
        .where(intents.c.state == State.CONFIRMED.value, runs.c.state == states.APPLIED)
        .order_by(links.c.at.desc(), links.c.reference)
    )
