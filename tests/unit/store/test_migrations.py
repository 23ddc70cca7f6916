"""Files that people have: an older one becomes what a new one is, a newer one is refused, a copy is made first (case T7)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.command_line import tieout
from tieout.kernel import crash
from tieout.kernel.failures import Failed
from tieout.store import migrations
from tieout.store.database import open_file
from tieout.store.migrations import _before_numbers
from tieout.store.schema import COPIES
from tieout.store.tables import book_tables, inbox_tables

OLD = Path(__file__).parent / "old_schemas"
FIRST = Path(migrations.__file__).parent
OLD_BOOKS = [*sorted(OLD.glob("books-*.sql")), FIRST / "_first_books.sql"]
A_QUEUED_EVENT = (
    "INSERT INTO events (seq, connection, livemode, event_id, type, lane, state, reason, failed_tries, wanted, submitted, "
    "legs, received_at) VALUES (7, 'stripe', 0, 'evt_7', 'charge.succeeded', 'cus_1', 'queued', '', 0, 0, -1, 0, 1790000000.0)"
)
AN_ALERT = "INSERT INTO alerts (id, code, sentence, about, at) VALUES (1, 'p21.login', 'Look.', 'p21', 1790000000.0)"


def made_of(statements: Path, path: Path, *rows: str) -> Path:
    """A file as an earlier version made it, with rows."""
    with closing(sqlite3.connect(path)) as file:
        file.executescript(statements.read_text(encoding="utf-8"))
        for row in rows:
            file.execute(row)
        file.commit()
    return path


def schema_of(path: Path) -> dict[str, Any]:
    """All that a schema promises: columns, keys and what is unique of each table; indexes and triggers in their words."""
    with closing(sqlite3.connect(path)) as file:
        made = file.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        said = {f"{kind} {name}": " ".join(words.split()) for kind, name, words in made if kind != "table"}
        tables = {name: words for kind, name, words in made if kind == "table" and not name.startswith("sqlite_")}
        return said | {f"table {name}": shape_of(file, name, words) for name, words in tables.items()}


def shape_of(file: sqlite3.Connection, table: str, words: str) -> dict[str, Any]:
    columns = {row[1]: (row[2], row[3], row[5]) for row in file.execute(f"PRAGMA table_info({table})")}
    unique = [row[1] for row in file.execute(f"PRAGMA index_list({table})") if row[3] == "u"]
    together = sorted(tuple(row[2] for row in file.execute(f"PRAGMA index_info({name})")) for name in unique)
    kinds = [kind for kind in ("AUTOINCREMENT", "WITHOUT ROWID", "STRICT") if kind in words.upper()]
    return {"columns": columns, "unique": together, "kinds": kinds}


def fresh(path: Path, tables: sa.MetaData) -> dict[str, Any]:
    open_file(path, tables).close()
    return schema_of(path)


def number_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("statements", OLD_BOOKS, ids=lambda path: path.stem)
def test_old_books_become_what_new_ones_are_and_keep_their_rows(tmp_path: Path, statements: Path) -> None:
    path = made_of(statements, tmp_path / "books.sqlite", AN_ALERT)
    open_file(path, book_tables).close()
    assert schema_of(path) == fresh(tmp_path / "fresh.sqlite", book_tables), "write a migration: store/migrations"
    assert number_of(path) == migrations.newest()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT sentence FROM alerts").fetchall() == [("Look.",)]


def test_an_old_inbox_becomes_what_a_new_one_is(tmp_path: Path) -> None:
    path = made_of(FIRST / "_first_inbox.sql", tmp_path / "inbox.sqlite")
    open_file(path, inbox_tables).close()
    assert schema_of(path) == fresh(tmp_path / "fresh.sqlite", inbox_tables), "write a migration: store/migrations"


@pytest.mark.parametrize("tables", [book_tables, inbox_tables], ids=["books", "inbox"])
def test_a_new_file_has_the_newest_number_and_no_copy(tmp_path: Path, tables: sa.MetaData) -> None:
    fresh(tmp_path / "new.sqlite", tables)
    assert number_of(tmp_path / "new.sqlite") == migrations.newest()
    assert not (tmp_path / COPIES).exists()


def test_a_file_half_made_by_a_process_that_died_is_made_whole(tmp_path: Path) -> None:
    path = tmp_path / "books.sqlite"
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE alerts (id INTEGER NOT NULL, code TEXT NOT NULL, PRIMARY KEY (id))")
    open_file(path, book_tables).close()
    assert schema_of(path) == fresh(tmp_path / "fresh.sqlite", book_tables)


def test_an_event_that_waited_in_the_oldest_books_gets_its_turn(tmp_path: Path) -> None:
    path = made_of(OLD / "books-37e8d1b.sql", tmp_path / "books.sqlite", A_QUEUED_EVENT)
    open_file(path, book_tables).close()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT turn, due_at, waits_for FROM events").fetchall() == [(1, 0.0, "")]


def test_the_copy_is_the_file_as_it_was(tmp_path: Path) -> None:
    path = made_of(OLD / "books-039e669.sql", tmp_path / "books.sqlite", AN_ALERT)
    before = schema_of(path)
    open_file(path, book_tables).close()
    copy = tmp_path / COPIES / "books-schema-0.sqlite"
    assert schema_of(copy) == before and number_of(copy) == 0
    assert copy.stat().st_mode & 0o077 == 0 and copy.parent.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute("SELECT count(*) FROM alerts").fetchone() == (1,)


def test_without_room_for_a_copy_nothing_is_changed(tmp_path: Path) -> None:
    path = made_of(OLD / "books-039e669.sql", tmp_path / "books.sqlite")
    before = schema_of(path)
    (tmp_path / COPIES).write_text("a file where the folder must be")
    with pytest.raises(Failed, match="no copy of it can be made first") as refused:
        open_file(path, book_tables)
    assert refused.value.failure.code == "store.copy"
    assert schema_of(path) == before and number_of(path) == 0


@pytest.mark.parametrize("name", ["books", "inbox"])
def test_a_newer_file_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "house"
    folder.mkdir(mode=0o700)
    tables = {"books": book_tables, "inbox": inbox_tables}[name]
    path = folder / f"{name}.sqlite"
    open_file(path, tables).close()
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {migrations.newest() + 1}")
    told = tieout(folder, "runs")
    assert told.status == 1
    assert f"{name}.sqlite was last used by a newer Tieout" in told.said
    assert number_of(path) == migrations.newest() + 1


def test_numbers_are_given_once_and_each_names_its_database() -> None:
    numbers = [int(name[:4]) for name in migrations._names()]
    assert len(set(numbers)) == len(numbers), f"two migrations have one number, take the next free one: {numbers}"
    assert numbers == list(range(migrations.FIRST + 1, migrations.newest() + 1)), "a number is left out"
    every = [one for name in ("inbox", "books") for one in migrations.since(0, name)]
    assert len(every) == len(numbers), "DATABASE is 'inbox' or 'books'"


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made_of(OLD / "books-7d8dfb7.sql", tmp_path / "books.sqlite", AN_ALERT)
    before = schema_of(path)
    monkeypatch.setattr(_before_numbers, "FIRST_IN_LANE", "UPDATE nowhere SET nothing = 0")
    monkeypatch.setattr("tieout.store.schema.since", lambda *_: (broken(),))
    with pytest.raises(sa.exc.OperationalError):
        open_file(path, book_tables)
    assert schema_of(path) == before and number_of(path) == 0


def broken() -> migrations.Migration:
    return migrations.Migration(
        2, "0002_broken", "books", ("CREATE TABLE notes (id TEXT)", "ALTER TABLE nowhere ADD COLUMN x")
    )


def test_many_processes_that_open_an_old_file_at_once_change_it_once(tmp_path: Path) -> None:
    path = made_of(OLD / "books-7d8dfb7.sql", tmp_path / "books.sqlite", AN_ALERT)
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(opened, [path] * 3) == [migrations.newest()] * 3
    assert schema_of(path) == fresh(tmp_path / "fresh.sqlite", book_tables)


def opened(path: Path) -> int:
    open_file(path, book_tables).close()
    return number_of(path)


def die_at(path: Path, point: str) -> None:
    crash.on_crash_point(lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == point else None)
    open_file(path, book_tables).close()


def killed(act: Callable[..., object], *arguments: object, after_seconds: float | None = None) -> None:
    """Run it in a process of its own, which dies by kill -9: by its own hand, or after a while."""
    process = multiprocessing.get_context("fork").Process(target=act, args=arguments)
    process.start()
    if after_seconds is not None:
        time.sleep(after_seconds)
        process.kill()
    process.join(60)


@pytest.mark.parametrize(("point", "number"), [("store.before_commit", 0), ("store.after_commit", migrations.newest())])
def test_kill_9_at_the_commit_leaves_the_old_file_or_the_new_one(tmp_path: Path, point: str, number: int) -> None:
    path = made_of(OLD / "books-7d8dfb7.sql", tmp_path / "books.sqlite", AN_ALERT)
    before = schema_of(path)
    killed(die_at, path, point)
    assert number_of(path) == number
    assert (schema_of(path) == before) == (number == 0)
    open_file(path, book_tables).close()
    assert schema_of(path) == fresh(tmp_path / "fresh.sqlite", book_tables)


def test_kill_9_at_any_moment_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    whole = fresh(tmp_path / "fresh.sqlite", book_tables)
    for turn in range(8):
        folder = tmp_path / str(turn)
        folder.mkdir()
        path = made_of(OLD / "books-039e669.sql", folder / "books.sqlite", AN_ALERT)
        before = schema_of(path)
        killed(opened, path, after_seconds=turn * 0.012)
        assert number_of(path) in (0, migrations.newest())
        assert schema_of(path) == (whole if number_of(path) else before)
        open_file(path, book_tables).close()
        assert schema_of(path) == whole


def test_the_intents_of_a_run_are_found_by_an_index(tmp_path: Path) -> None:
    path = made_of(FIRST / "_first_books.sql", tmp_path / "books.sqlite")
    open_file(path, book_tables).close()
    with closing(sqlite3.connect(path)) as file:
        plan = file.execute("EXPLAIN QUERY PLAN SELECT * FROM intents WHERE run = 'x' AND state = 'sending'").fetchall()
    assert "intents_run" in str(plan)
