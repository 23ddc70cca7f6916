"""What we have proof of: which record stands for a Stripe object."""

from __future__ import annotations

from tieout.store import intents
from tieout.store.database import Database


def linked_key(books: Database, connection: str, origin: str, subject: str, entity: str) -> str:
    """The key of the record of that kind that stands for a subject, or an empty text."""
    with books.reading() as db:
        return intents.linked(db, connection, origin, subject, entity)
