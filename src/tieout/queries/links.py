"""What we have proof of: which record stands for a Stripe object."""

from __future__ import annotations

from tieout.domain.writing import Intent
from tieout.store import intents
from tieout.store.database import Database


def intent_of(books: Database, connection: str, reference: str) -> Intent:
    """The intent of a record that was written under that reference."""
    with books.reading() as db:
        kept = intents.get(db, connection, reference)
    assert kept is not None, "an intent is kept before a record is written"
    return kept.intent


def linked_key(books: Database, connection: str, origin: str, subject: str, entity: str) -> str:
    """The key of the record of that kind that stands for a subject, or an empty text."""
    with books.reading() as db:
        return intents.linked(db, connection, origin, subject, entity)
