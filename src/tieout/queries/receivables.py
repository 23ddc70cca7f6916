"""Reads what the proof of receivables is made of: what is booked by object, the P21 records of our links, what belongs together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.domain.ledger.account import CUSTOMER_CREDITS, DEPOSITS, RECEIVABLE
from tieout.domain.ledger.opening import KIND as OPENING_DOCUMENT
from tieout.domain.reconciliation.receivables import Booked, Named
from tieout.kernel.slices import slices
from tieout.store.dialect import json_text, json_whole
from tieout.store.ledger_tables import balance_changes, entries, entry_lines
from tieout.store.tables import intents, links

OWED = (RECEIVABLE, CUSTOMER_CREDITS, DEPOSITS)
ENTITIES = ("sales_order", "invoice", "ar_invoice", "credit_memo", "cash_receipt", "refund_payment")
READ_IDS = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """What is booked, the P21 records, and pairs of objects that are one sale."""

    booked: tuple[Booked, ...]
    records: tuple[Named, ...]
    together: tuple[tuple[str, str], ...]


def receivables_standing(db: sa.Connection, connection: str, p21: str) -> Standing:
    """All of it, as the books are now."""
    return Standing(tuple(_booked(db, connection)), tuple(_records(db, connection, p21)), tuple(_pairs(db, connection)))


def owed_by(db: sa.Connection, connection: str, subjects: Sequence[str]) -> int:
    """What the books say is owed on these objects, in minor units of the ledger's currency."""
    total = 0
    for some in slices(list(dict.fromkeys(subjects)), READ_IDS):
        found = _sums(connection).where(entries.c.subject.in_(some))
        total += sum(int(row[1]) for row in db.execute(found))
    return total


def paid_before(db: sa.Connection, connection: str, subjects: Sequence[str], began: int) -> set[str]:
    """Which of these payments, refunds and disputes are of charges that were made before a moment (epoch seconds)."""
    table, found = balance_changes.c, set[str]()
    made = json_whole(table.document, "origin", "created")
    for some in slices(list(dict.fromkeys(subjects)), READ_IDS):
        for column in (table.payment, table.source):
            old = sa.select(column).where(table.connection == connection, column.in_(some), made > 0, made < began)
            found.update(db.execute(old).scalars())
    return found


def _sums(connection: str) -> sa.Select[Any]:
    return (
        sa.select(entries.c.subject, sa.func.sum(entry_lines.c.value))
        .join(entry_lines, entry_lines.c.entry == entries.c.seq)
        .where(entries.c.connection == connection, entry_lines.c.account.in_(OWED))
        .group_by(entries.c.subject)
    )


def _booked(db: sa.Connection, connection: str) -> Iterable[Booked]:
    listed = sa.select(entries.c.subject, entries.c.document).where(
        entries.c.connection == connection, entries.c.kind == OPENING_DOCUMENT
    )
    labels = {row.subject: dict(json.loads(row.document)["labels"]) for row in db.execute(listed)}
    for subject, value in db.execute(_sums(connection)):
        named = labels.get(subject, {})
        if value or named:
            yield Booked(subject, int(value), named.get("customer", ""), named.get("document", ""))


def _records(db: sa.Connection, connection: str, p21: str) -> Iterable[Named]:
    text = {name: json_text(intents.c.document, name) for name in ("customer_id", "order_no", "invoice_no")}
    shown = json_text(intents.c.shown, "order_no")
    found: sa.Select[Any] = (
        sa.select(links.c.entity, links.c.key, links.c.reference, links.c.subject, *text.values(), shown)
        .outerjoin(
            intents, sa.and_(intents.c.connection == links.c.connection, intents.c.reference == links.c.reference)
        )
        .where(links.c.connection == p21, links.c.origin == connection, links.c.entity.in_(ENTITIES))
        .order_by(links.c.at, links.c.reference, links.c.subject)
    )
    whole: dict[str, Named] = {}
    for entity, key, reference, subject, customer, order_no, invoice_no, made_of in db.execute(found):
        kept = whole.get(reference)
        subjects = (*(kept.subjects if kept else ()), _object(subject))
        whole[reference] = Named(
            entity, key, reference, tuple(dict.fromkeys(subjects)), str(customer or ""), str(order_no or made_of or ""),
            str(invoice_no or ""),
        )  # fmt: skip
    return whole.values()


def _object(subject: str) -> str:
    """The Stripe object in what a record stands for: ``in_…:uncollectible`` and ``invoice:in_…`` are of that invoice."""
    return next((part for part in subject.split(":") if "_" in part), subject)


def _pairs(db: sa.Connection, connection: str) -> Iterable[tuple[str, str]]:
    table = balance_changes.c
    of = sa.select(table.source, table.dispute, table.payment).where(
        table.connection == connection, table.payment != ""
    )
    for source, dispute, payment in db.execute(of.distinct()):
        for other in (source, dispute):
            if other and other != payment:
                yield other, payment
