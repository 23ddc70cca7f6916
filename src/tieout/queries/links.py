"""What we have proof of: which record stands for a Stripe object."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.writing import Intent
from tieout.store import intents
from tieout.store.database import Database
from tieout.store.tables import links


def intent_of(books: Database, connection: str, reference: str) -> Intent:
    """The intent of a record that was written under that reference."""
    with books.reading() as db:
        kept = intents.get(db, connection, reference)
    assert kept is not None, "an intent is kept before a record is written"
    return kept.intent


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A record that stands for a subject. ``reference`` finds it in the other system, or says that a person set the link."""

    connection: str
    reference: str
    entity: str
    key: str
    origin: str
    subject: str
    run: str
    at: float


def links_of(books: Database, subject: str) -> tuple[LinkLine, ...]:
    """Every record that stands for a subject, the oldest first."""
    found = (
        sa.select(links).where(links.c.subject.in_(intents.forms_of(subject))).order_by(links.c.at, links.c.reference)
    )
    with books.reading() as db:
        return tuple(LinkLine(**row._mapping) for row in db.execute(found))


def linked_key(books: Database, connection: str, origin: str, subject: str, entity: str) -> str:
    """The key of the record of that kind that stands for a subject, or an empty text."""
    with books.reading() as db:
        return intents.linked(db, connection, origin, subject, entity)
