"""The files of one installation belong together: what is missing, empty, swapped or older is told, never replaced in silence."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.command_line import tieout
from tieout.app.house import House, open_house
from tieout.app.installation import BOOKS, ENGINE, INBOX, KEY, MANIFEST, bind_engine
from tieout.app.starting import see_to_files
from tieout.app.worker import work
from tieout.kernel.failures import Failed
from tieout.operations.mend_files import saw_worker
from tieout.operations.receive_events import receive_events
from tieout.operations.take_up_events import take_up_events
from tieout.queries.alerts import newest_alerts
from tieout.queries.runs import event_lines
from tieout.settings import Settings
from tieout.store import installation
from tieout.store.inbox import Kept

NOW = time.time()


def made(folder: Path, *event_ids: str) -> Path:
    """An installation that has started, with events that were taken up."""
    with_house = open_house(Settings(folder=folder))
    see_to_files(with_house)
    add(with_house, *event_ids)
    with_house.close()
    with closing(sqlite3.connect(folder / ENGINE)) as engine:
        engine.execute("CREATE TABLE work (id TEXT)")
    bind_engine(folder)
    return folder


def add(house: House, *event_ids: str) -> None:
    if event_ids:
        receive_events(house.box, [event(one) for one in event_ids])
        take_up_events(house.box, house.books)


def event(event_id: str) -> Kept:
    return Kept("stripe", False, event_id, "charge.succeeded", event_id, "ch_1", False, True, "{}", NOW)


def started(folder: Path) -> House:
    house = open_house(Settings(folder=folder))
    see_to_files(house)
    return house


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "house").mkdir(mode=0o700)
    return made(tmp_path / "house", "evt_1")


@pytest.mark.parametrize("how", ["missing", "empty"])
@pytest.mark.parametrize("name", [INBOX, BOOKS, KEY])
def test_a_file_that_is_gone_is_told_and_never_made_anew(folder: Path, name: str, how: str) -> None:
    kept = (folder / name).read_bytes()
    (folder / name).unlink() if how == "missing" else (folder / name).write_bytes(b"")
    told = tieout(folder, "runs")
    assert told.status == 1
    assert f"{name} is {how}" in told.said and "It is not made anew." in told.said
    assert not (folder / name).exists() or (folder / name).stat().st_size == 0
    (folder / name).write_bytes(kept)
    (folder / name).chmod(0o600)
    assert tieout(folder, "runs").status == 0, "what the sentence asks for works"


@pytest.mark.parametrize("name", [INBOX, BOOKS])
def test_a_folder_from_before_there_was_a_manifest_misses_its_files_too(folder: Path, name: str) -> None:
    (folder / MANIFEST).unlink()
    (folder / name).unlink()
    told = tieout(folder, "runs")
    assert told.status == 1
    assert f"{name} is missing" in told.said


def test_a_folder_from_before_there_was_a_manifest_is_bound_when_it_is_whole(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    for name in (INBOX, BOOKS):
        with closing(sqlite3.connect(folder / name)) as file:
            file.execute("DELETE FROM installation")
            file.commit()
    assert tieout(folder, "runs").status == 0
    bound = json.loads((folder / MANIFEST).read_text())
    house = open_house(Settings(folder=folder))
    for database in (house.box, house.books):
        with database.reading() as db:
            belongs = installation.get(db)
        assert belongs and belongs.id == bound["id"]
    house.close()


def test_a_key_that_is_lost_for_good_is_made_anew_when_somebody_says_so(folder: Path) -> None:
    (folder / KEY).unlink()
    told = tieout(folder, "runs")
    assert f"make an empty file {folder / KEY}.lost" in told.said
    (folder / f"{KEY}.lost").touch()
    assert tieout(folder, "runs").status == 0
    assert (folder / KEY).stat().st_size == 32


@pytest.mark.parametrize("name", [INBOX, BOOKS, KEY, MANIFEST, ENGINE])
def test_a_file_of_another_installation_is_named_and_refused(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "other").mkdir(mode=0o700)
    other = made(tmp_path / "other", "evt_9")
    mine = (folder / name).read_bytes()
    shutil.copy(other / name, folder / name)
    with pytest.raises(Failed) as refused:
        started(folder)
    assert refused.value.failure.code in ("installation.swapped", "installation.key")
    assert name in refused.value.failure.sentence
    (folder / name).write_bytes(mine)
    started(folder).close()


def test_a_manifest_that_was_deleted_is_made_again_and_one_that_cannot_be_read_is_told(folder: Path) -> None:
    bound = (folder / MANIFEST).read_text()
    (folder / MANIFEST).write_text("{")
    told = tieout(folder, "runs")
    assert told.status == 1 and "Delete it: it is made again" in told.said
    (folder / MANIFEST).unlink()
    assert tieout(folder, "runs").status == 0
    assert json.loads((folder / MANIFEST).read_text())["id"] == json.loads(bound)["id"]


@pytest.mark.parametrize("name", [INBOX, BOOKS, ENGINE])
@pytest.mark.parametrize("how", ["overwritten", "torn"])
def test_a_damaged_file_is_found_at_the_start(folder: Path, name: str, how: str) -> None:
    size = (folder / name).stat().st_size
    with (folder / name).open("r+b") as file:
        if how == "torn":
            file.truncate(size // 2 // 4096 * 4096)
        else:
            file.seek(size - 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises(Failed) as refused:
        started(folder)
    assert refused.value.failure.code in ("file.damaged", "file.disk"), refused.value
    assert name in refused.value.failure.sentence


def numbers(house: House) -> dict[str, int]:
    return {line.event_id: line.seq for line in event_lines(house.books)}


def alerts_of(house: House) -> list[str]:
    return [one.code for one in newest_alerts(house.books, 20)]


@pytest.mark.parametrize("restarted", [False, True])
def test_an_older_inbox_goes_on_after_the_numbers_that_the_books_know(folder: Path, restarted: bool) -> None:
    old = (folder / INBOX).read_bytes()
    house = started(folder) if restarted else open_house(Settings(folder=folder))
    add(house, "evt_2", "evt_3")
    house.close()
    (folder / INBOX).write_bytes(old)
    house = started(folder)
    assert alerts_of(house) == ["installation.older"]
    add(house, "evt_4")
    assert numbers(house) == {"evt_1": 1, "evt_2": 2, "evt_3": 3, "evt_4": 4}
    house.close()
    again = started(folder)
    assert alerts_of(again) == ["installation.older"], "it is told once"
    again.close()


def test_an_inbox_that_is_older_only_by_its_starts_is_told_too(folder: Path) -> None:
    old = (folder / INBOX).read_bytes()
    started(folder).close()
    (folder / INBOX).write_bytes(old)
    house = started(folder)
    assert alerts_of(house) == ["installation.older"]
    house.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_older_books_take_up_again_what_they_do_not_know_and_let_writes_settle(folder: Path, restarted: bool) -> None:
    old = (folder / BOOKS).read_bytes()
    house = started(folder) if restarted else open_house(Settings(folder=folder))
    add(house, "evt_2", "evt_3")
    house.close()
    (folder / BOOKS).write_bytes(old)
    house = started(folder)
    assert numbers(house) == {"evt_1": 1}
    take_up_events(house.box, house.books)
    assert numbers(house) == {"evt_1": 1, "evt_2": 2, "evt_3": 3}
    with house.books.reading() as db:
        belongs = installation.get(db)
    assert belongs and belongs.settles_anew
    assert alerts_of(house) == ["installation.older"]
    house.close()


def test_a_start_that_ends_in_the_middle_makes_no_file_look_older(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("tieout.app.starting.write_manifest", _die)
        house = open_house(Settings(folder=folder))
        with pytest.raises(KeyboardInterrupt):
            see_to_files(house)
        house.close()
    house = started(folder)
    assert alerts_of(house) == []
    house.close()


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_kill_9_while_an_installation_is_made_is_no_missing_file(tmp_path: Path) -> None:
    for turn in range(6):
        new = tmp_path / str(turn)
        process = multiprocessing.get_context("fork").Process(target=_opened, args=(new,))
        process.start()
        time.sleep(0.01 + turn * 0.025)
        process.kill()
        process.join()
        house = started(new)
        assert alerts_of(house) == []
        house.close()


def _opened(folder: Path) -> None:
    os.nice(0)
    open_house(Settings(folder=folder)).close()


@pytest.mark.parametrize("back_seconds", [3600.0, 86_400.0])
def test_a_clock_that_was_put_back_makes_nothing_wait_for_long_and_is_told(folder: Path, back_seconds: float) -> None:
    house = open_house(Settings(folder=folder))
    ahead = house.ports.clock() + back_seconds
    saw_worker(house.books, ahead)
    with house.books.transaction() as db:
        db.exec_driver_sql(f"UPDATE events SET due_at = {ahead}, wanted = 1, submitted = 0")
        db.exec_driver_sql(
            "INSERT INTO connections (name, connector, settings, sealed, outages, paused_until, paused_because) "
            f"VALUES ('p21', 'p21', '{{}}', x'00', 1, {ahead}, 'away')"
        )
    see_to_files(house)
    now = house.ports.clock()
    with house.books.reading() as db:
        assert db.exec_driver_sql("SELECT max(due_at) FROM events").scalar_one() < now + 61
        assert db.exec_driver_sql("SELECT max(paused_until) FROM connections").scalar_one() < now + 61
    assert alerts_of(house) == ["clock.put_back"]
    house.close()


def test_a_clock_that_goes_on_is_not_told(folder: Path) -> None:
    house = open_house(Settings(folder=folder))
    saw_worker(house.books, house.ports.clock() - 1)
    see_to_files(house)
    assert alerts_of(house) == []
    house.close()


def test_a_worker_lets_settle_what_restored_books_do_not_know_and_only_once(folder: Path) -> None:
    house = open_house(Settings(folder=folder))
    with house.books.transaction() as db:
        db.exec_driver_sql("DELETE FROM events")
        installation.unsettle(db)
        db.exec_driver_sql(
            "INSERT INTO connections (name, connector, settings, sealed, outages, paused_until, paused_because) "
            "VALUES ('p21', 'p21', '{\"settle_seconds\": 2}', x'00', 0, 0, '')"
        )
    stop, begun = threading.Event(), time.monotonic()
    worker = threading.Thread(target=work, args=(replace(house), stop), daemon=True)
    worker.start()
    while settles(house):
        assert time.monotonic() - begun < 60
        time.sleep(0.05)
    assert time.monotonic() - begun >= 2
    stop.set()
    worker.join(60)
    house.close()


def settles(house: House) -> bool:
    with house.books.reading() as db:
        belongs = installation.get(db)
    return bool(belongs and belongs.settles_anew)
