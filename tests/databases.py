"""An empty inbox and empty books for a test: in SQLite's memory, or on PostgreSQL with TIEOUT_TEST_DATABASE=postgresql."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from multiprocessing.util import Finalize

from tests.postgresql import Server, served
from tieout.store.database import Database, open_memory
from tieout.store.tables import book_tables, inbox_tables

Databases = Callable[[], tuple[Database, Database]]
"""Makes an empty inbox and empty books."""


def fresh() -> tuple[Database, Database]:
    """Both, in the kind of database that is asked for."""
    kinds: dict[str, Databases] = {"sqlite": in_memory, "postgresql": on_a_server}
    return kinds[os.environ.get("TIEOUT_TEST_DATABASE", "sqlite")]()


def in_memory() -> tuple[Database, Database]:
    """Both in SQLite, in the memory of this process."""
    return open_memory(inbox_tables), open_memory(book_tables)


def on_a_server() -> tuple[Database, Database]:
    """Both on a PostgreSQL server, which is started for this process and ends with it."""
    return _server().databases()


@cache
def _server() -> Server:
    serving = served()
    server = serving.__enter__()
    Finalize(None, serving.__exit__, (None, None, None), exitpriority=1)  # in the processes of a pool too
    return server
