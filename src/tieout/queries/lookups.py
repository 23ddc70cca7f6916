"""The look-up tables as expressions and people see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from tieout.domain.lookup_table import Row, as_expressions_see
from tieout.store import lookups
from tieout.store.database import Database

Tables = Mapping[str, Mapping[str, str]]

_read: WeakKeyDictionary[Database, tuple[int, Tables]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class TableLine:
    """One table: how many rows, its version, and who changed it last, when and why."""

    name: str
    rows: int
    version: int
    changed_at: float
    who: str
    reason: str


def lookup_tables(books: Database) -> Tables:
    """Every table as key to value; read again only when one has changed."""
    with books.reading() as db:
        stamp = lookups.stamp(db)
        kept = _read.get(books)
        if kept is None or kept[0] != stamp:
            kept = (stamp, as_expressions_see(lookups.all_rows(db)))
            _read[books] = kept
    return kept[1]


def beside(of_workflow: Tables, apart: Tables) -> Tables:
    """The tables of a workflow with those that stand apart: a row of theirs counts before the file's."""
    names = {**of_workflow, **apart}
    return {name: {**of_workflow.get(name, {}), **apart.get(name, {})} for name in names}


def table_rows(books: Database, name: str) -> Mapping[str, Row]:
    """The rows of a table by key; none when there is no such table."""
    with books.reading() as db:
        return lookups.rows(db, name)


def table_lines(books: Database) -> list[TableLine]:
    """Every table that was ever changed."""
    with books.reading() as db:
        found = lookups.all_rows(db)
        last = {one.name: one for one in lookups.versions(db)}
    return [
        TableLine(name, len(found.get(name, {})), one.version, one.at, one.who or one.user, one.reason)
        for name, one in sorted(last.items())
    ]


def table_history(books: Database, name: str) -> list[lookups.Version]:
    """Every version of a table, newest first."""
    with books.reading() as db:
        return lookups.versions(db, name)[::-1]
