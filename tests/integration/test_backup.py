"""A backup made while all is at work, the files destroyed, the backup put back: nothing lost, nothing doubled (case T3)."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import tieout
from tests.integration.test_installation import add, alerts_of, folder, numbers, started
from tieout.app.backup import LIST, digest
from tieout.app.house import open_house
from tieout.app.installation import BOOKS, ENGINE, INBOX, KEY, MANIFEST, RESTORING
from tieout.app.restore import serving
from tieout.app.worker_names import named
from tieout.kernel.failures import Failed
from tieout.operations.take_up_events import take_up_events
from tieout.settings import Settings
from tieout.store import installation

__all__ = ["folder"]


def backed_up(folder: Path, name: str = "backup") -> Path:
    target = folder.parent / name
    told = tieout(folder, "backup", str(target))
    assert told.status == 0, told.said
    return target


def test_a_backup_holds_the_databases_and_the_key_and_says_so_last(folder: Path) -> None:
    made = backed_up(folder)
    assert sorted(path.name for path in made.iterdir()) == [LIST, BOOKS, INBOX, KEY]
    assert made.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in made.iterdir())


def test_a_backup_into_a_folder_that_is_not_empty_is_refused(folder: Path) -> None:
    made = backed_up(folder)
    told = tieout(folder, "backup", str(made))
    assert told.status == 1 and "is not empty" in told.said


@pytest.mark.parametrize("lost", [(BOOKS,), (INBOX,), (KEY,), (BOOKS, INBOX, KEY, ENGINE, MANIFEST), ()])
def test_a_backup_that_is_put_back_goes_on_where_it_was_made(folder: Path, lost: tuple[str, ...]) -> None:
    made = backed_up(folder)
    house = started(folder)
    add(house, "evt_2", "evt_3")
    house.close()
    for name in lost:
        (folder / name).unlink()
    told = tieout(folder, "restore", str(made), "--reason", "the disk failed", "--actor", "Ann")
    assert told.status == 0, told.said
    house = started(folder)
    assert alerts_of(house) == ["installation.restored"]
    assert numbers(house) == {"evt_1": 1}
    with house.books.reading() as db:
        belongs = installation.get(db)
        acts = db.exec_driver_sql("SELECT what, name, reason FROM acts ORDER BY seq").fetchall()
    assert belongs and belongs.settles_anew
    assert ("restore", "Ann", "the disk failed") in [tuple(row) for row in acts]
    add(house, "evt_4")
    assert numbers(house)["evt_4"] > 1
    house.close()
    aside = next(folder.glob("before-restore-*"))
    assert {path.name for path in aside.iterdir()} == {BOOKS, INBOX, KEY, ENGINE, MANIFEST} - set(lost)


def test_what_was_kept_between_both_copies_is_taken_up_after_the_restore(folder: Path) -> None:
    """The books are copied before the inbox: what came between stands in the inbox as taken up, and the books do not know it."""
    made = backed_up(folder)
    house = started(folder)
    add(house, "evt_2")
    house.close()
    shutil.copy(folder / INBOX, made / INBOX)
    said = json.loads((made / LIST).read_text())
    said["files"][INBOX] = digest(made / INBOX)
    (made / LIST).write_text(json.dumps(said))
    assert tieout(folder, "restore", str(made)).status == 0
    house = started(folder)
    take_up_events(house.box, house.books)
    assert numbers(house) == {"evt_1": 1, "evt_2": 2}
    house.close()


def test_a_backup_may_be_put_into_an_empty_folder_on_another_machine(folder: Path, tmp_path: Path) -> None:
    made = backed_up(folder)
    new = tmp_path / "new machine"
    assert tieout(new, "restore", str(made)).status == 0
    house = started(new)
    assert numbers(house) == {"evt_1": 1}
    house.close()


@pytest.mark.parametrize("name", [BOOKS, INBOX, KEY, LIST])
def test_a_backup_that_is_not_whole_or_was_changed_is_refused_and_nothing_is_touched(folder: Path, name: str) -> None:
    made = backed_up(folder)
    before = (folder / BOOKS).read_bytes()
    (made / name).write_bytes((made / name).read_bytes()[:-1] + b"!")
    told = tieout(folder, "restore", str(made))
    assert told.status == 1
    assert "no whole backup" in told.said or "is not as it was copied" in told.said
    (made / name).unlink()
    assert tieout(folder, "restore", str(made)).status == 1
    assert (folder / BOOKS).read_bytes() == before
    assert tieout(folder, "runs").status == 0


def test_a_backup_of_another_installation_is_refused(folder: Path, tmp_path: Path) -> None:
    made = backed_up(folder)
    other = tmp_path / "other"
    open_house(Settings(folder=other)).close()
    told = tieout(other, "restore", str(made))
    assert told.status == 1 and "is another installation" in told.said


def test_nothing_is_put_back_while_a_door_or_a_worker_is_at_work(folder: Path) -> None:
    made = backed_up(folder)
    for at_work in (serving(folder), named(folder, "worker-7")):
        with at_work:
            told = tieout(folder, "restore", str(made))
        assert told.status == 1 and "Stop tieout serve and tieout work first" in told.said
    assert tieout(folder, "restore", str(made)).status == 0


def _restore(folder: Path, made: Path) -> None:
    tieout(folder, "restore", str(made))


def test_kill_9_in_the_middle_of_a_restore_leaves_it_refused_or_whole_and_it_can_be_run_again(folder: Path) -> None:
    made = backed_up(folder)
    for turn in range(8):
        process = multiprocessing.get_context("fork").Process(target=_restore, args=(folder, made))
        process.start()
        time.sleep(0.01 + turn * 0.03)
        process.kill()
        process.join()
        if (folder / RESTORING).exists():
            told = tieout(folder, "runs")
            assert told.status == 1 and "was not finished" in told.said
            assert tieout(folder, "restore", str(made)).status == 0
        house = started(folder)
        assert numbers(house) == {"evt_1": 1}
        house.close()


def test_a_backup_under_load_is_consistent(folder: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=_receive, args=(folder,))
    process.start()
    sets = []
    for number in range(5):
        sets.append(backed_up(folder, f"backup-{number}"))
        time.sleep(0.1)
    process.kill()
    process.join()
    for made in sets:
        with closing(sqlite3.connect(made / BOOKS)) as books:
            known = {row[0] for row in books.execute("SELECT event_id FROM events")}
        with closing(sqlite3.connect(made / INBOX)) as box:
            kept = {row[0] for row in box.execute("SELECT event_id FROM inbox")}
        assert known <= kept, "what the books know is in the inbox"


def _receive(folder: Path) -> None:
    house = open_house(Settings(folder=folder))
    for number in range(10, 100_000):
        add(house, f"evt_{number}")


def test_the_secrets_open_after_a_restore_and_not_with_another_key(folder: Path) -> None:
    made = backed_up(folder)
    (folder / KEY).write_bytes(b"x" * 32)
    with pytest.raises(Failed, match="is not the key"):
        started(folder)
    assert tieout(folder, "restore", str(made)).status == 0
    started(folder).close()
