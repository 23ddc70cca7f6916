"""The schema of a file: numbered, made when it is empty, changed when it is older, refused when it is newer.

The number is in the file itself (``PRAGMA user_version``), or in a table on a server, and changes in the database transaction
that changes the tables: a process that dies leaves the old schema or the new one. Before an older file is changed, a copy of it is
made.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from tieout.kernel.failures import Failed, Fix
from tieout.store.migrations import FIRST, _before_numbers, newest, since

COPIES = "before-upgrade"
NUMBER = sa.Table("schema_number", sa.MetaData(), sa.Column("number", sa.Integer, nullable=False))


def is_current(db: sa.Connection, path: Path) -> bool:
    """Whether the file has the schema of this version. Failed(Fix) when a newer version made it."""
    number = _number(db)
    if number > newest():
        raise Failed(_newer(path, number))
    return number == newest()


def make_current(db: sa.Connection, path: Path, tables: sa.MetaData) -> None:
    """Make the tables of an empty file, or change those of an older one, inside the caller's database transaction."""
    if is_current(db, path):
        return  # another process was first
    if _is_empty(db):
        tables.create_all(db)
    else:
        _change(db, path, tables.info["database"])
    db.exec_driver_sql(f"PRAGMA user_version = {newest()}")


def make_current_on_server(db: sa.Connection, tables: sa.MetaData) -> None:
    """Make the tables of an empty schema on a server, or change older ones, inside the caller's database transaction."""
    if not sa.inspect(db).has_table(NUMBER.name):
        NUMBER.create(db)
        tables.create_all(db)
        db.execute(sa.insert(NUMBER).values(number=newest()))
        return
    number = int(db.execute(sa.select(NUMBER.c.number)).scalar_one())
    if number > newest():
        raise Failed(_newer_server(number))
    for migration in since(number, tables.info["database"]):
        for statement in migration.statements:
            db.exec_driver_sql(statement)
    db.execute(sa.update(NUMBER).values(number=newest()))


def copy_file(path: Path, copy: Path) -> None:
    """Copy a database while it is in use, whole and on the disk when this returns (SQLite's own online copy)."""
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    _flush(unfinished)
    unfinished.rename(copy)
    _flush(copy.parent)


def copy_plain(path: Path, copy: Path) -> None:
    """Copy a file that nobody writes to, readable by its owner only, whole and on the disk when this returns."""
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with (
        path.open("rb") as source,
        os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target,
    ):
        shutil.copyfileobj(source, target)
    _flush(unfinished)
    unfinished.rename(copy)
    _flush(copy.parent)


def _change(db: sa.Connection, path: Path, database: str) -> None:
    number = _number(db)
    pending = since(number, database)
    if pending or number < FIRST:
        _copy_before(path, number)
    if number < FIRST:
        _before_numbers.bring(db, database)
    for migration in pending:
        for statement in migration.statements:
            db.exec_driver_sql(statement)


def _copy_before(path: Path, number: int) -> None:
    """Our own lock keeps writers out while it is made: it is the file as it was, to the last row."""
    copy = path.parent / COPIES / f"{path.stem}-schema-{number}.sqlite"
    try:
        copy_file(path, copy)
    except (OSError, sqlite3.Error) as error:
        sentence = (
            f"{path.name} must be changed for this version of Tieout, and no copy of it can be made first in {copy.parent} "
            f"({error}). Nothing was changed. Make room or correct the permissions there, then start again."
        )
        raise Failed(Fix("store.copy", sentence, field="folder", value=str(copy.parent))) from None


def _number(db: sa.Connection) -> int:
    return int(db.exec_driver_sql("PRAGMA user_version").scalar_one())


def _is_empty(db: sa.Connection) -> bool:
    return not db.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()


def _newer_server(number: int) -> Fix:
    sentence = (
        f"The database on the server was last used by a newer Tieout (its schema is number {number}, this version knows "
        f"{newest()}). Nothing was changed. Start the newer version again."
    )
    return Fix("store.newer", sentence, field="database", value=str(number))


def _newer(path: Path, number: int) -> Fix:
    sentence = (
        f"{path} was last used by a newer Tieout (its schema is number {number}, this version knows {newest()}). Nothing was "
        f"changed. Start the newer version again; to stay with this one, put back a copy that it made in {path.parent / COPIES}."
    )
    return Fix("store.newer", sentence, field=path.name, value=str(number))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
