"""Reads the documents that were written to P21 and that the ledger has not posted yet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.store import journal, ledgers
from tieout.store.database import Database
from tieout.store.ledger_tables import entries
from tieout.store.tables import intents, links

ENTITIES = ("ar_invoice", "credit_memo", "cash_receipt")
SOURCE = "document:"
READ_MAX = 500


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """One document that P21 has: what it is, P21's key, our reference, whom it stands for, and what was written."""

    entity: str
    key: str
    reference: str
    subjects: tuple[str, ...]
    document: Mapping[str, Any]

    @property
    def source(self) -> str:
        """What its entry is posted for."""
        return f"{SOURCE}{self.reference}"


def unposted_documents(books: Database, p21: str, connection: str) -> list[WrittenDocument]:
    """The oldest of them. Receipts of payments that Stripe has are rows of its balance, and not among them."""
    posted = sa.select(entries.c.source).where(entries.c.connection == connection, entries.c.source.startswith(SOURCE))
    told = sa.select(entries.c.source).where(
        entries.c.connection == connection, entries.c.source.endswith(":out_of_band")
    )
    outside = links.c.subject.contains(":outside on ")
    found = (
        sa.select(links.c.entity, links.c.key, links.c.reference, links.c.subject, intents.c.document)
        .join(intents, sa.and_(intents.c.connection == links.c.connection, intents.c.reference == links.c.reference))
        .where(
            links.c.connection == p21,
            links.c.origin == connection,
            links.c.entity.in_(ENTITIES),
            sa.or_(links.c.entity != "cash_receipt", links.c.subject.startswith("inpay_"), outside),
            (SOURCE + links.c.reference).not_in(posted),
            sa.or_(links.c.entity != "cash_receipt", (links.c.subject + ":out_of_band").not_in(told)),
        )
        .order_by(links.c.at, links.c.reference, links.c.subject)
        .limit(READ_MAX)
    )
    with books.reading() as db:
        rows = db.execute(found).all()
    whole: dict[str, WrittenDocument] = {}
    for row in rows:
        kept = whole.get(row.reference)
        subjects = (*kept.subjects, row.subject) if kept else (row.subject,)
        whole[row.reference] = WrittenDocument(row.entity, row.key, row.reference, subjects, json.loads(row.document))
    return list(whole.values())


def unposted_of(books: Database, connection: str, ids: Sequence[str], kind: str) -> set[str]:
    """Those of these Stripe ids (oldest first) that no entry of that kind is posted for; without a ledger only the last."""
    with books.reading() as db:
        if ledgers.get(db, connection) is None:
            return set(ids[-1:])
        posted = journal.sources(db, connection, [f"{one}:{kind}" for one in ids])
    return {one for one in ids if f"{one}:{kind}" not in posted}
