"""Opens a database and hands out transactions; nothing else commits.

A database is a file of SQLite, or a schema of its own on a PostgreSQL server. SQLite stays in rollback-journal mode with full
fsync: its WAL mode has a corruption race before 3.51.3, which Debian 12 still carries (reliability, finding 6). A write
transaction begins IMMEDIATE, so that two of them never dead-lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tieout.kernel import crash
from tieout.kernel.failures import Failed
from tieout.store import damage, dialect, schema
from tieout.store.chain import Chain
from tieout.store.migrations import newest

BUSY_SECONDS = 30
WAL_SAFE_FROM = (3, 51, 3)

crash.register("store.before_commit", "store.after_commit")


class Database:
    """One database; ``transaction`` writes and commits, ``reading`` only reads."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._chain: Chain | None = None

    def keep_chain(self, chain: Chain) -> None:
        """Seal from now on what each transaction changes; what is there already is taken under the chain first."""
        with self.reading() as db:
            begun = chain.is_begun(db, newest())
        self._chain = chain
        if not begun:
            with self.transaction() as db:
                chain.begin(db, newest())

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """One database transaction: committed at the end, rolled back when anything is raised."""
        with self._engine.connect() as connection:
            if self._chain:
                self._chain.watch(connection)
            dialect.begin_writing(connection)
            try:
                yield connection
                if self._chain:
                    self._chain.seal(connection)
            except BaseException:
                connection.rollback()
                raise
            crash.crash_point("store.before_commit")
            connection.exec_driver_sql("COMMIT")
            crash.crash_point("store.after_commit")

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for reads; each statement sees what is committed."""
        with self._engine.connect() as connection:
            yield connection

    @property
    def file(self) -> Path | None:
        """The file, or None when it is in memory."""
        return Path(self._engine.url.database) if self._engine.url.database else None

    def close(self) -> None:
        """Close the connections that are open."""
        self._engine.dispose()


def open_file(path: Path, tables: sa.MetaData, *, threads: int = 8) -> Database:
    """The SQLite database in ``path``, made when it is not there, changed when it is older; readable by its owner only.

    Failed(Fix) when it is damaged, locked or cannot be written, when a newer version made it, or when it must be changed and
    no copy of it can be made first.
    """
    if not path.exists():
        path.touch(mode=0o600)
    engine = sa.create_engine(
        f"sqlite:///{path}",
        isolation_level="AUTOCOMMIT",
        pool_size=threads,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _durable)
    database = Database(engine)
    try:
        _bring_up_to_date(database, path, tables)
    except DBAPIError as error:
        database.close()
        if fix := damage.trouble(error, path.name):
            raise Failed(fix) from error
        raise
    except BaseException:
        database.close()
        raise
    return database


def open_server(url: str, tables: sa.MetaData, *, threads: int = 8) -> Database:
    """The database on a PostgreSQL server (``postgresql+psycopg://user@host/name``), made when it is not there.

    Inbox and books are two schemas of one database there. Failed(Fix) when a newer version made it.
    """
    engine = sa.create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=threads,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
        connect_args={"options": f"-csearch_path={tables.info['database']}"},
    )
    database = Database(engine)
    try:
        with database.reading() as db:
            db.execute(sa.schema.CreateSchema(tables.info["database"], if_not_exists=True))
        with database.transaction() as db:
            schema.make_current_on_server(db, tables)
    except BaseException:
        database.close()
        raise
    return database


def open_memory(tables: sa.MetaData) -> Database:
    """A database in memory, for one thread: simulations and trials of a workflow."""
    engine = sa.create_engine("sqlite://", isolation_level="AUTOCOMMIT", poolclass=sa.StaticPool, hide_parameters=True)
    tables.create_all(engine)
    return Database(engine)


def _bring_up_to_date(database: Database, path: Path, tables: sa.MetaData) -> None:
    with database.reading() as db:
        if schema.is_current(db, path):
            return
    with database.transaction() as db:
        schema.make_current(db, path, tables)


def _durable(connection: sqlite3.Connection, _record: Any) -> None:
    mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    if mode == "wal" and sqlite3.sqlite_version_info < WAL_SAFE_FROM:
        raise RuntimeError(f"this database is in WAL mode, which SQLite {sqlite3.sqlite_version} cannot keep safe")
    for pragma in ("synchronous=EXTRA", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
