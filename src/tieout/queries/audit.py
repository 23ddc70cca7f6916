"""The audit trail: who did what, when and why (security S50, S60)."""

from __future__ import annotations

from collections.abc import Iterator

from tieout.store import acts
from tieout.store.acts import KeptAct
from tieout.store.database import Database


def newest_acts(books: Database, limit: int, *, what: str = "", about: str = "", name: str = "") -> list[KeptAct]:
    """The newest acts first; optionally of one kind, about one thing, or of one person."""
    with books.reading() as db:
        return acts.newest(db, limit, what=what, about=about, name=name)


def every_act(books: Database) -> Iterator[KeptAct]:
    """Every act, the oldest first."""
    with books.reading() as db:
        yield from acts.walk(db)
