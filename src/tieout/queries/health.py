"""Whether the systems we depend on can be reached."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.store import connections
from tieout.store.database import Database


@dataclass(frozen=True, slots=True)
class Health:
    """The connections that are away, each with the reason in words. A pause or two is no outage: it is not told."""

    away: tuple[tuple[str, str], ...]


def health(books: Database) -> Health:
    """What is away: paused so many times in a row that it was worth an alert, and not heard of since."""
    with books.reading() as db:
        return Health(tuple((row.name, row.paused_because) for row in connections.every(db) if row.is_away))
