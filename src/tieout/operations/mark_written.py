"""Keeps that P21 has a journal, under which number and as what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.store import postings
from tieout.store.database import Database


def mark_written(books: Database, journal: int, key: str, document: Mapping[str, Any]) -> None:
    """The journal is in P21."""
    with books.transaction() as db:
        postings.written(db, journal, key, document)
