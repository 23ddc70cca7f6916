"""Puts a backup back: whole or not at all, with what was there kept aside.

The copies are made ready beside the old files first: what the books do not know is to be taken up again, and what was sent
after the backup has its settle window before anything is looked for. A mark says that a restore is under way; until it is
gone, nothing opens the folder, and a restore that was interrupted is run again.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tieout.app.backup import ORDER, Backup, read_backup
from tieout.app.installation import (
    BOOKS,
    ENGINE,
    INBOX,
    MANIFEST,
    RESTORING,
    Manifest,
    flush_folder,
    locked,
    read_manifest,
    write_manifest,
    write_whole,
)
from tieout.app.worker_names import live_workers
from tieout.kernel.failures import Failed, Fix
from tieout.operations.mend_files import mend_books
from tieout.store import damage, installation, lanes
from tieout.store.database import open_file
from tieout.store.schema import copy_plain
from tieout.store.tables import book_tables, inbox_tables

ASIDE = "before-restore"
READY = ".restored"
SERVING = "serve.lock"
MOVED = (BOOKS, INBOX, ENGINE, *ORDER[2:], MANIFEST)
JOURNAL = "-journal"


def restore(folder: Path, source: Path) -> tuple[Backup, Path]:
    """Put the backup in ``source`` into ``folder``; answers what it is, and where the files of before are now.

    Failed(Fix) when it is not whole, or when something is at work on the folder.
    """
    found = read_backup(source)
    for name in (BOOKS, INBOX):
        damage.check(source / name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as alone:
        alone.enter_context(locked(folder))
        alone.enter_context(_nobody_at_work(folder))
        _check_same(folder, found, source)
        write_whole(folder / RESTORING, json.dumps({"from": str(source)}))
        for name in ORDER:
            copy_plain(source / name, folder / f"{name}{READY}")
        _make_ready(folder)
        aside = _put_aside(folder)
        for name in ORDER:
            (folder / f"{name}{READY}").rename(folder / name)
        write_manifest(folder, Manifest(found.installation, 0))
        (folder / RESTORING).unlink()
        flush_folder(folder)
    return found, aside


@contextmanager
def serving(folder: Path) -> Iterator[None]:
    """While the door serves a folder, no backup is put back into it; any number of doors may."""
    with (folder / SERVING).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextmanager
def _nobody_at_work(folder: Path) -> Iterator[None]:
    working = live_workers(folder)
    with (folder / SERVING).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            working.append("tieout serve")
        if working:
            sentence = (
                f"At work on {folder}: {', '.join(working)}. Stop tieout serve and tieout work first, then restore."
            )
            raise Failed(Fix("restore.running", sentence, field=str(folder)))
        yield


def _check_same(folder: Path, found: Backup, source: Path) -> None:
    """A folder of another installation is not overwritten. One that says nothing readable of itself is put aside whole."""
    try:
        there = read_manifest(folder)
    except Failed:
        return
    if there and there.id != found.installation:
        sentence = f"{folder} is another installation than the backup in {source}. Name an empty folder to restore into: --folder"
        raise Failed(Fix("restore.other", sentence, field=str(folder)))


def _make_ready(folder: Path) -> None:
    box = open_file(folder / f"{INBOX}{READY}", inbox_tables)
    books = open_file(folder / f"{BOOKS}{READY}", book_tables)
    try:
        with books.reading() as db:
            known = lanes.last_number(db)
        mend_books(box, books, known)
        for database in (box, books):
            with database.transaction() as db:
                installation.count(db, 0)
    finally:
        box.close()
        books.close()


def _put_aside(folder: Path) -> Path:
    """Move what is there into a folder of its own, with the journals: one that stays would be applied to the restored file."""
    aside = _new_folder(folder)
    for name in MOVED:
        for path in (folder / name, folder / f"{name}{JOURNAL}"):
            if path.exists():
                path.rename(aside / path.name)
    flush_folder(aside)
    flush_folder(folder)
    return aside


def _new_folder(folder: Path) -> Path:
    day = time.strftime("%Y-%m-%d", time.gmtime())
    names = (folder / f"{ASIDE}-{day}-{number}" for number in range(1, 10_000))
    aside = next(name for name in names if not name.exists())
    os.mkdir(aside, 0o700)
    return aside
