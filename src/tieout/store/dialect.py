"""What SQLite and PostgreSQL do differently. No other module of the program asks which of the two it is.

Statements are SQLAlchemy Core, and what both databases spell alike is written where it is needed. What they do not is here:
how a write begins, rows that may be there already, which rows an index holds, numbers that are never given twice, values out of
JSON text, rows that nobody may change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Row = Mapping[str, Any]

NEVER_GIVEN_TWICE: Mapping[str, Any] = {"sqlite_autoincrement": True}
"""Arguments of a table whose numbers are never given again, even when the last row is gone. PostgreSQL's never are."""

BY_KEY_ALONE: Mapping[str, Any] = {"sqlite_with_rowid": False}
"""Arguments of a table that is kept in the order of its key, and of nothing else."""

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A whole number of 64 bits. SQLite numbers rows by themselves only where the type is called INTEGER."""


def only(condition: sa.ColumnElement[bool]) -> Mapping[str, Any]:
    """Arguments of an index that holds these rows alone."""
    return {"sqlite_where": condition, "postgresql_where": condition}


def begin_writing(db: sa.Connection) -> None:
    """Begin a database transaction that writes: one at a time for each database, so that two of them never dead-lock."""
    if _is_sqlite(db):
        db.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        db.exec_driver_sql("BEGIN")
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(current_schema()))")


def overwrite_from_now(db: sa.Connection) -> None:
    """What this connection deletes or replaces from now on is overwritten in the file, not only given free."""
    if _is_sqlite(db):
        db.exec_driver_sql("PRAGMA secure_delete = ON")


def write_anew(db: sa.Connection) -> None:
    """Write the whole database anew, so that nothing is left in what it gave free before. Outside of a transaction."""
    db.exec_driver_sql("VACUUM" if _is_sqlite(db) else "VACUUM FULL")


def add_new(db: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Add rows. One whose key, or whatever else is unique, is there already stays as it is."""
    db.execute(_adding(db.dialect.name, table), rows)


def put(db: sa.Connection, table: sa.Table, rows: Sequence[Row], *, once: tuple[str, ...] = ()) -> None:
    """Add rows, all with the same columns. Where the key is there already, these columns become what is given, but for those
    that are written ``once``."""
    db.execute(_putting(db.dialect.name, table, tuple(rows[0]), once), rows)


def add_up(db: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Add rows, all with the same columns. Where the key is there already, the amounts are added to those that are there."""
    db.execute(_adding_up(db.dialect.name, table, tuple(rows[0])), rows)


@cache
def _adding(dialect: str, table: sa.Table) -> Any:
    return _insert(dialect)(table).on_conflict_do_nothing()


@cache
def _putting(dialect: str, table: sa.Table, columns: tuple[str, ...], once: tuple[str, ...]) -> Any:
    adding, key = _insert(dialect)(table), _key(table)
    given = {name: adding.excluded[name] for name in columns if name not in (*key, *once)}
    return adding.on_conflict_do_update(index_elements=key, set_=given)


@cache
def _adding_up(dialect: str, table: sa.Table, columns: tuple[str, ...]) -> Any:
    adding, key = _insert(dialect)(table), _key(table)
    sums = {name: table.c[name] + adding.excluded[name] for name in columns if name not in key}
    return adding.on_conflict_do_update(index_elements=key, set_=sums)


@cache
def _insert(dialect: str) -> Callable[[sa.Table], Any]:
    """The INSERT with ON CONFLICT; only that of the database in use is imported."""
    insert: Callable[[sa.Table], Any] = import_module(f"sqlalchemy.dialects.{dialect}").insert
    return insert


def _key(table: sa.Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def json_text(column: sa.ColumnElement[Any], *path: str) -> sa.ColumnElement[str]:
    """A text (or what is not one, as text) at a path within a column of JSON text; NULL where there is nothing."""
    return _Within(column, *(sa.literal(name) for name in path))


def json_whole(column: sa.ColumnElement[Any], *path: str) -> sa.ColumnElement[int]:
    """A whole number at a path within a column of JSON text; NULL where there is nothing."""
    return sa.cast(json_text(column, *path), Whole)


class _Within(FunctionElement[str]):
    name = "within"
    type = sa.Text()
    inherit_cache = True


@compiles(_Within, "sqlite")
def _within_sqlite(element: _Within, compiler: SQLCompiler, **given: Any) -> str:
    column, *path = (compiler.process(one, **given) for one in element.clauses)
    dotted = " || '.' || ".join(path)
    return f"json_extract({column}, '$.' || {dotted})"


@compiles(_Within, "postgresql")
def _within_postgresql(element: _Within, compiler: SQLCompiler, **given: Any) -> str:
    column, *path = (compiler.process(one, **given) for one in element.clauses)
    return f"json_extract_path_text(CAST({column} AS JSON), {', '.join(path)})"


class day_of(FunctionElement[str]):
    """The day (YYYY-MM-DD, UTC) of a moment in epoch seconds."""

    name = "day_of"
    type = sa.Text()
    inherit_cache = True


@compiles(day_of, "sqlite")
def _day_sqlite(element: day_of, compiler: SQLCompiler, **given: Any) -> str:
    return f"date({compiler.process(element.clauses, **given)}, 'unixepoch')"


@compiles(day_of, "postgresql")
def _day_postgresql(element: day_of, compiler: SQLCompiler, **given: Any) -> str:
    return f"to_char(to_timestamp({compiler.process(element.clauses, **given)}) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


@dataclass(frozen=True, slots=True)
class Watched:
    """A table of which a connection notes what it changes: by which columns a row is found, and whose change counts.

    Without columns only added rows count.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


def temporary(name: str, *, key: tuple[str, ...], others: tuple[str, ...] = ()) -> sa.Table:
    """A table of texts that only the connection has that made it."""
    columns = [sa.Column(one, sa.Text, primary_key=one in key, nullable=False) for one in (*key, *others)]
    return sa.Table(name, sa.MetaData(), *columns, prefixes=["TEMPORARY"])


TOUCHED = sa.Table("touched", sa.MetaData(), sa.Column("part", sa.Text), sa.Column("row_key", sa.Text))
"""What a connection has changed since the transaction began: the table, and the row's key as a JSON list."""


def note_changes(db: sa.Connection, watched: Sequence[Watched]) -> None:
    """Let this connection note in ``TOUCHED`` what it changes; nobody else's changes are noted."""
    db.exec_driver_sql("CREATE TEMPORARY TABLE IF NOT EXISTS touched (part TEXT NOT NULL, row_key TEXT NOT NULL)")
    note = _note_in_sqlite if _is_sqlite(db) else _note_in_postgresql
    for one in watched:
        of = " OF " + ", ".join(f'"{name}"' for name in one.columns)
        for verb, changed in (("INSERT", ""), ("UPDATE", of), ("DELETE", "")) if one.columns else (("INSERT", ""),):
            note(db, one, verb, f"AFTER {verb}{changed} ON")


def _note_in_sqlite(db: sa.Connection, one: Watched, verb: str, after: str) -> None:
    which = "OLD" if verb == "DELETE" else "NEW"
    key = ", ".join(f'{which}."{name}"' for name in one.key)
    noting = f"INSERT INTO touched VALUES ('{one.table}', json_array({key}))"  # noqa: S608 (names of our own)
    name = f"watch_{one.table}_{verb.lower()}"
    db.exec_driver_sql(f"CREATE TEMP TRIGGER {name} {after} main.{one.table} BEGIN {noting}; END")


def _note_in_postgresql(db: sa.Connection, one: Watched, verb: str, after: str) -> None:
    """The trigger is everybody's; it notes only for a connection that has the temporary table."""
    name = f"watch_{one.table}_{verb.lower()}"
    there = (
        "SELECT 1 FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = :name AND relnamespace = :of"
    )
    schema = sa.text("SELECT current_schema()::regnamespace::oid")
    if db.execute(sa.text(there), {"name": name, "of": db.execute(schema).scalar_one()}).scalar():
        return
    db.exec_driver_sql(NOTING)
    key = ", ".join(f"'{column}'" for column in one.key)
    db.exec_driver_sql(
        f"CREATE OR REPLACE TRIGGER {name} {after} {one.table} FOR EACH ROW EXECUTE FUNCTION note_change({key})"
    )


NOTING = """CREATE OR REPLACE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
  IF to_regclass('pg_temp.touched') IS NOT NULL THEN
    INSERT INTO pg_temp.touched SELECT TG_TABLE_NAME, json_agg(changed -> name ORDER BY place)::text
      FROM unnest(TG_ARGV) WITH ORDINALITY AS key(name, place);
  END IF;
  RETURN NULL;
END $$"""


def begin_reading(db: sa.Connection) -> None:
    """Begin a database transaction that sees one moment."""
    db.exec_driver_sql("BEGIN" if _is_sqlite(db) else "BEGIN ISOLATION LEVEL REPEATABLE READ")


def last_given(db: sa.Connection, table: sa.Table) -> int:
    """The greatest number that was ever given to a row of a table whose numbers are never given twice."""
    if _is_sqlite(db):
        asked = sa.text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = :of").bindparams(of=table.name)
    else:
        asked = sa.text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {_sequence(table)}")  # noqa: S608
    return int(db.execute(asked).scalar_one())


def give_after(db: sa.Connection, table: sa.Table, number: int) -> None:
    """Give rows of that table no number up to this one any more; it is not below the last that was given."""
    if _is_sqlite(db):
        db.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :of"), {"of": table.name})
        db.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:of, :last)"), {"of": table.name, "last": number}
        )
    elif number > 0:
        db.execute(sa.text("SELECT setval(:of, :last)"), {"of": _sequence(table), "last": number})


def _sequence(table: sa.Table) -> str:
    (key,) = table.primary_key.columns
    return f"{table.name}_{key.name}_seq"


def _is_sqlite(db: sa.Connection) -> bool:
    return db.dialect.name == "sqlite"


def add_only(table: sa.Table, words: str, *, columns: str = "") -> None:
    """Let the database refuse a change of a row of that table (of these columns, or of all) and its removal."""
    of = f" OF {columns}" if columns else ""
    for verb, only_these in (("UPDATE", of), ("DELETE", "")):
        name = f"{table.name}_no_{verb.lower()}"
        before = f"BEFORE {verb}{only_these} ON {table.name}"
        _made_with(table, "sqlite", f"CREATE TRIGGER {name} {before} BEGIN SELECT RAISE(ABORT, '{words}'); END")
        refusing = f"RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{words}'; END $$"
        _made_with(table, "postgresql", f"CREATE FUNCTION {name}() {refusing}")
        _made_with(table, "postgresql", f"CREATE TRIGGER {name} {before} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _made_with(table: sa.Table, dialect: str, statement: str) -> None:
    sa.event.listen(table, "after_create", sa.DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
