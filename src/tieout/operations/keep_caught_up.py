"""Keeps until when the list of a connection's past events was read."""

from __future__ import annotations

from tieout.store import caught_up
from tieout.store.database import Database


def keep_caught_up(books: Database, connection: str, until: float) -> None:
    """The list was read until this moment (epoch seconds), and what it told is in the inbox."""
    with books.transaction() as db:
        caught_up.put(db, connection, until)
