"""Migrations: how a file that an earlier Tieout made becomes one of this Tieout. One file here is one change.

To add a table, a column or an index:

1. Add it to the metadata: ``store/tables.py``, or ``store/ledger_tables.py``. New files are made from that.
2. Write ``store/migrations/NNNN_what_changes.py`` with the next free number. Files that are there are changed by it::

       \"\"\"Notes that people leave on a run.\"\"\"

       DATABASE = "books"  # or "inbox"
       STATEMENTS = (
           "CREATE TABLE notes (id INTEGER NOT NULL, words TEXT NOT NULL, PRIMARY KEY (id))",
           "ALTER TABLE runs ADD COLUMN noted BOOLEAN NOT NULL DEFAULT 0",
           "CREATE INDEX notes_words ON notes (words)",
       )

3. Run ``pytest tests/unit/store/test_migrations.py``: it compares a changed old file with a new one, and prints what is lacking.

The statements are plain SQL, never the metadata, because the metadata goes on changing and a migration does not. A column
that may not be null needs a DEFAULT here (what the old rows get); the metadata need not repeat it. A trigger or an index is
compared word by word: copy what the test prints. A migration that has landed is never changed; a mistake is a next one.
All that are pending run in one database transaction, after a copy of the file was made: they happen wholly or not at all.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

FIRST = 1  # the schema that every file had, or is brought to, before schemas were numbered


@dataclass(frozen=True, slots=True)
class Migration:
    """One change of one database (``inbox`` or ``books``)."""

    number: int
    name: str
    database: str
    statements: tuple[str, ...]


@cache
def newest() -> int:
    """The number of the schema that this version of Tieout knows: that of its last migration."""
    return max((int(name[:4]) for name in _names()), default=FIRST)


def since(number: int, database: str) -> tuple[Migration, ...]:
    """The migrations of a database after that number, in their order."""
    later = [_read(name) for name in _names() if int(name[:4]) > number]
    return tuple(one for one in later if one.database == database)


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(one.name for one in pkgutil.iter_modules(__path__) if one.name[:4].isdigit()))


def _read(name: str) -> Migration:
    module = importlib.import_module(f"{__name__}.{name}")
    return Migration(int(name[:4]), name, module.DATABASE, module.STATEMENTS)
