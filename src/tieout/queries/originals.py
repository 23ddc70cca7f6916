"""What was written for a sale, and what was taken back of it: read from the proofs that are kept with every write."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.domain.original import Original, Told, sold_lines
from tieout.domain.writing import State
from tieout.store import runs as run_store
from tieout.store.database import Database
from tieout.store.tables import intents, links, runs

SALES = ("sales_order", "invoice", "ar_invoice")
SPLIT = "split_refund"
READS = ("stripe_fetch", "webstore_fetch")


@dataclass(frozen=True, slots=True)
class Written:
    """A record that stands for a subject: its key in P21, the document as it was sent, and the run that wrote it."""

    entity: str
    key: str
    run: str
    document: Mapping[str, Any]
    shown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run and how far it is."""

    id: str
    state: str


def written_for(books: Database, connection: str, origin: str, subject: str, entity: str) -> tuple[Written, ...]:
    """The confirmed records of that kind that stand for a subject, oldest first."""
    joined = links.join(
        intents, sa.and_(intents.c.connection == links.c.connection, intents.c.reference == links.c.reference)
    )
    of_subject = sa.and_(links.c.origin == origin, links.c.subject == subject, links.c.entity == entity)
    wanted = sa.select(links.c.entity, links.c.key, links.c.run, intents.c.document, intents.c.shown)
    there = sa.and_(links.c.connection == connection, intents.c.state == State.CONFIRMED.value, of_subject)
    with books.reading() as db:
        rows = db.execute(wanted.select_from(joined).where(there).order_by(links.c.at)).all()
    return tuple(Written(row.entity, row.key, row.run, json.loads(row.document), json.loads(row.shown)) for row in rows)


def original_of(books: Database, connection: str, origin: str, subjects: Sequence[str]) -> Original | None:
    """The order or invoice that stands for one of the subjects, the first that has one; None when none has.

    A Stripe invoice is the first invoice that was written for it: later ones bring back what was written off.
    """
    for subject in subjects:
        for entity in SALES:
            if found := written_for(books, connection, origin, subject, entity):
                sale = found[0] if entity == "ar_invoice" else found[-1]
                return _original(sale, _told(books, sale.run))
    return None


def _told(books: Database, run_id: str) -> tuple[Told, ...]:
    """What the run that wrote a sale had read of its lines, where it is still on record."""
    with books.reading() as db:
        steps = run_store.steps_of(db, run_id)
    for step in reversed(steps):
        value = step.outcome["value"] if step.type in READS else None
        order = value.get("order", value) if isinstance(value, dict) else None
        if isinstance(order, dict) and isinstance(order.get("lines"), list):
            return tuple(Told(int(one["subtotal"]), int(one["net"]), int(one["tax"])) for one in order["lines"])
    return ()


def _original(written: Written, told: Sequence[Told]) -> Original:
    document, entity = written.document, written.entity
    currency = str(document.get("currency") or "usd").lower()
    lines = sold_lines(document, currency, told)
    return Original(
        entity=entity,
        key=written.key,
        subject=f"{entity} {written.key}",
        customer_id=str(document.get("customer_id") or ""),
        order_no=written.key if entity == "sales_order" else str(written.shown.get("order_no") or ""),
        invoice_no=str(written.shown.get("invoice_no") or "") if entity == "sales_order" else written.key,
        currency=currency,
        lines=lines,
        total=sum(line.gross for line in lines),
    )


def runs_stating(books: Database, origin: str, livemode: bool, facts: Sequence[str]) -> tuple[RunLine, ...]:
    """The runs for any of these facts."""
    wanted = sa.select(runs.c.id, runs.c.state).where(
        runs.c.connection == origin, runs.c.livemode == livemode, runs.c.fact.in_(facts)
    )
    with books.reading() as db:
        return tuple(RunLine(row.id, row.state) for row in db.execute(wanted.order_by(runs.c.seq)))


def split_of(books: Database, run_id: str) -> Mapping[str, Any] | None:
    """How a run split what it credited, or None when that is not on record any more."""
    with books.reading() as db:
        steps = run_store.steps_of(db, run_id)
    found = [step.outcome["value"] for step in steps if step.type == SPLIT]
    return found[-1] if found else None
