"""Sales orders that Tieout entered and did not approve itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.domain.writing import State
from tieout.store.database import Database
from tieout.store.tables import intents

ORDERS_MAX = 5_000
APPROVAL = "sales_order:approval"


@dataclass(frozen=True, slots=True)
class EnteredOrder:
    """An order as it was entered. ``total`` is a decimal text; ``at`` is in epoch seconds; ``state`` says how far its run is."""

    connection: str
    order_no: str
    run: str
    customer_id: str
    total: str
    currency: str
    at: float
    settled: bool


def not_approved_by_us(books: Database) -> tuple[EnteredOrder, ...]:
    """The newest orders that stand, as far as we know, and that we did not approve: settled ones and those that differ."""
    approval = intents.alias("approval")
    approved = sa.exists().where(
        approval.c.connection == intents.c.connection,
        approval.c.subject.in_(
            [intents.c.reference, intents.c.reference + " " + intents.c.key]
        ),  # the first: as it once was
        approval.c.entity == APPROVAL,
        approval.c.state == State.CONFIRMED.value,
    )
    stands = intents.c.state.in_((State.CONFIRMED.value, State.QUARANTINED.value))
    found = sa.select(intents).where(intents.c.entity == "sales_order", stands, intents.c.key != "", ~approved)
    with books.reading() as db:
        return tuple(_order(row) for row in db.execute(found.order_by(intents.c.at.desc()).limit(ORDERS_MAX)))


def _order(row: sa.Row[Any]) -> EnteredOrder:
    document = json.loads(row.document)
    names = ("customer_id", "total", "currency")
    customer_id, total, currency = (str(document.get(name) or "") for name in names)
    settled = row.state == State.CONFIRMED.value
    return EnteredOrder(row.connection, row.key, row.run, customer_id, total, currency, row.at, settled)
