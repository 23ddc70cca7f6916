"""Whether the systems we depend on can be reached."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.store import connections
from tieout.store.database import Database


@dataclass(frozen=True, slots=True)
class Health:
    """The connections that are paused, each with the reason in words."""

    paused: tuple[tuple[str, str], ...]


def health(books: Database) -> Health:
    """What is paused now."""
    with books.reading() as db:
        return Health(tuple((row.name, row.paused_because) for row in connections.every(db) if row.outages))
