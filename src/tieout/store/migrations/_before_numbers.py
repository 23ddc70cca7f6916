"""Brings a file from before schemas were numbered to the first numbered schema, whatever of it is lacking.

Until then tables were made when they were missing, and a table that was there stayed as it was: such a file may lack
columns, indexes and triggers. What it lacks is found by comparing, not by guessing which commit made it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

RENAMED = {("intents", "settles_from"): "sent_at"}
FILLED = {("intents", "shown"): "'{}'", ("ledgers", "branches"): "'{}'", ("ledgers", "proof"): "'{}'"}
FIRST_IN_LANE = "UPDATE events SET turn = 1 WHERE seq IN (SELECT min(seq) FROM events WHERE state = 'queued' GROUP BY connection, lane)"

Columns = dict[str, tuple[str, int, int]]


def bring(db: sa.Connection, database: str) -> None:
    """Add what the file lacks, inside the caller's database transaction."""
    first, turns = _first(database), "turn" in _columns(db, "events")
    for table, statement in _made(first, "table"):
        there, wanted = _columns(db, table), _columns_of(first, table)
        if not there:
            db.exec_driver_sql(statement)
        elif there != wanted:
            _rebuild(db, table, statement, there, wanted)
    for kind in ("index", "trigger"):
        for name, statement in _made(first, kind):
            _make_anew(db, kind, name, statement)
    if database == "books" and not turns:
        db.exec_driver_sql(FIRST_IN_LANE)


def _first(database: str) -> sqlite3.Connection:
    """An empty database of the first numbered schema, in memory."""
    text = (Path(__file__).parent / f"_first_{database}.sql").read_text(encoding="utf-8")
    first = sqlite3.connect(":memory:")
    first.executescript(text)
    return first


def _made(first: sqlite3.Connection, kind: str) -> Iterator[tuple[str, str]]:
    asked = "SELECT name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    yield from first.execute(asked, (kind,)).fetchall()


def _columns(db: sa.Connection, table: str) -> Columns:
    """Name of each column → its type, whether it may not be null, its place in the key."""
    return {row[1]: (row[2], row[3], row[5]) for row in db.exec_driver_sql(f"PRAGMA table_info({table})")}


def _columns_of(first: sqlite3.Connection, table: str) -> Columns:
    return {row[1]: (row[2], row[3], row[5]) for row in first.execute(f"PRAGMA table_info({table})")}


def _rebuild(db: sa.Connection, table: str, statement: str, there: Columns, wanted: Columns) -> None:
    """Make the table anew beside the old one, take over its rows, and drop the old one."""
    old = f"{table}_before_numbers"
    db.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {old}")
    db.exec_driver_sql(statement)
    names = ", ".join(f'"{name}"' for name in wanted)
    values = ", ".join(_value(table, name, there, wanted) for name in wanted)
    db.exec_driver_sql(f"INSERT INTO {table} ({names}) SELECT {values} FROM {old}")  # noqa: S608 (names of our own)
    db.exec_driver_sql(f"DROP TABLE {old}")


def _value(table: str, name: str, there: Columns, wanted: Columns) -> str:
    known = name if name in there else RENAMED.get((table, name), "")
    if known in there:
        return f'"{known}"'
    kind, never_null, _place = wanted[name]
    if not never_null:
        return "NULL"
    return FILLED.get((table, name), "''" if kind == "TEXT" else "0")


def _make_anew(db: sa.Connection, kind: str, name: str, statement: str) -> None:
    """Make an index or a trigger unless it is there in these very words (an older one of that name may say less)."""
    asked = "SELECT sql FROM sqlite_master WHERE type = ? AND name = ?"
    there = db.exec_driver_sql(asked, (kind, name)).scalar()
    if there == statement:
        return
    if there is not None:
        db.exec_driver_sql(f"DROP {kind} {name}")
    db.exec_driver_sql(statement)
