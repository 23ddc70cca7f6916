"""A file that is damaged, full, locked or read-only is a sentence and an alert, never a traceback (cases T6, T8)."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.command_line import tieout
from tieout.api.page import page_app
from tieout.app.house import House, open_house
from tieout.app.installation import BOOKS, INBOX
from tieout.app.troubles import Troubles
from tieout.operations.mend_files import saw_worker
from tieout.queries.alerts import newest_alerts
from tieout.settings import Settings
from tieout.store import damage


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    (tmp_path / "house").mkdir(mode=0o700)
    opened = open_house(Settings(folder=tmp_path / "house"))
    yield opened
    opened.close()


def error_of(path: Path, how: str) -> sqlite3.Error:
    """A real error of SQLite."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE rows (words TEXT)")
        file.execute("INSERT INTO rows VALUES (?)", ("x" * 20_000,))
        file.commit()
    target = (
        f"file:{path}?mode=ro"
        if how == "read only"
        else f"file:{path.parent / 'no' / 'such'}"
        if how == "gone"
        else f"file:{path}"
    )
    if how in ("damaged", "no database"):
        whole = path.read_bytes()
        path.write_bytes(
            b"not a database, but long enough to be one" * 200
            if how == "no database"
            else whole[:4096] + b"\xff" * 12_000
        )
    try:
        with closing(sqlite3.connect(target, uri=True, timeout=0.05)) as file, closing(sqlite3.connect(path)) as other:
            if how == "locked":
                other.execute("BEGIN EXCLUSIVE")
            if how == "full":
                file.execute("PRAGMA max_page_count = 7")
            file.execute("INSERT INTO rows SELECT words || words FROM rows")
            file.commit()
    except sqlite3.Error as error:
        return error
    raise AssertionError("SQLite said nothing")


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ("damaged", "file.damaged", "put the last backup back"),
        ("no database", "file.damaged", "put the last backup back"),
        ("full", "file.full", "Make room on that disk"),
        ("read only", "file.read_only", "Correct the permissions"),
        ("gone", "file.not_opened", "Correct the permissions"),
        ("locked", "file.locked", "Find the process that holds it"),
    ],
)
def test_what_the_database_says_becomes_a_sentence(tmp_path: Path, how: str, code: str, words: str) -> None:
    fix = damage.trouble(error_of(tmp_path / "books.sqlite", how), "books.sqlite")
    assert fix is not None
    assert fix.code == code
    assert fix.sentence.startswith("books.sqlite ") and words in fix.sentence


def test_a_mistake_of_ours_is_not_taken_for_a_damaged_file(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x")) as file, pytest.raises(sqlite3.OperationalError) as told:
        file.execute("SELECT * FROM nowhere")
    assert damage.trouble(told.value) is None
    assert damage.trouble(ValueError("database is locked")) is None


@pytest.mark.parametrize("name", [INBOX, BOOKS])
def test_a_command_on_a_damaged_file_ends_with_a_sentence(house: House, name: str) -> None:
    folder = house.settings.folder
    house.close()
    (folder / name).write_bytes(b"this is no database " * 1000)
    told = tieout(folder, "runs")
    assert told.status == 1
    assert f"{name} is no database any more" in told.said
    assert "Traceback" not in told.said and "SELECT" not in told.said


def test_what_cannot_be_kept_now_is_alerted_as_soon_as_it_can(house: House) -> None:
    troubles = Troubles(house)
    assert troubles.known("dispatch", sqlite3.OperationalError("database is locked"))
    assert not troubles.known("dispatch", ValueError("something else"))
    assert newest_alerts(house.books, 5) == []
    troubles.tell()
    troubles.tell()
    assert [one.code for one in newest_alerts(house.books, 5)] == ["file.locked"]


def test_a_worker_that_is_silent_is_shown_on_the_page(house: House) -> None:
    page = TestClient(page_app(house.books), base_url="http://127.0.0.1")
    assert page.get("/health").json() == {"ok": True, "away": [], "files": []}
    saw_worker(house.books, time.time() - 600)
    answer = page.get("/health")
    assert answer.status_code == 503
    assert "No worker has said since" in answer.json()["files"][0]
    assert "No worker has said since" in page.get("/").text
    saw_worker(house.books, time.time())
    assert page.get("/health").status_code == 200
