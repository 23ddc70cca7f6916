"""What is wrong with a database file, in a sentence: damaged, full, locked, read-only, gone (case T6)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tieout.kernel.failures import Failed, Fix

DAMAGED, LOCKED = "file.damaged", "file.locked"
_RESTORE = "Stop Tieout, keep the file for a look at it, and put the last backup back: tieout restore"
_LOCKED = "is held by another process for longer than half a minute"
_FREE = "Find the process that holds it (a copy, a scan, a stopped worker) and end it; work goes on by itself"
_RIGHTS = "Correct the permissions of the file and its folder"
_KNOWN = (
    ("malformed", DAMAGED, "is damaged", _RESTORE),
    ("not a database", DAMAGED, "is no database any more", _RESTORE),
    ("disk i/o error", "file.disk", "cannot be read or written: its disk fails", "Look at the disk, then start again"),
    ("is full", "file.full", "cannot grow: its disk is full", "Make room on that disk; work goes on by itself"),
    ("readonly", "file.read_only", "cannot be written", f"{_RIGHTS}, or mount the disk for writing"),
    ("unable to open", "file.not_opened", "cannot be opened", _RIGHTS),
    ("is locked", LOCKED, _LOCKED, _FREE),
)


def trouble(error: BaseException, name: str = "A database file") -> Fix | None:
    """What an error of the database means for a person, or None when it means something else (a mistake of ours)."""
    if isinstance(error, PoolTimeout):
        return _fix(LOCKED, name, _LOCKED, _FREE, "")
    told = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    if not isinstance(error, DBAPIError | sqlite3.Error):
        return None
    for words, code, what, act in _KNOWN:
        if words in told.lower():
            return _fix(code, name, what, act, told)
    return None


def check(path: Path) -> None:
    """Read the whole file and see whether it holds together. Failed(Fix) says what is wrong with it."""
    try:
        with closing(sqlite3.connect(path, timeout=30)) as file:
            told = file.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise Failed(
            trouble(error, path.name) or _fix(DAMAGED, path.name, "is damaged", _RESTORE, str(error))
        ) from None
    if told != "ok":
        raise Failed(_fix(DAMAGED, path.name, "is damaged", _RESTORE, str(told)))


def name_of(engine: sa.Engine) -> str:
    """The name of the file behind an engine, as sentences call it."""
    return Path(engine.url.database or "").name or "A database"


def _fix(code: str, name: str, what: str, act: str, told: str) -> Fix:
    return Fix(code, f"{name} {what}. {act}.", told, field=name)
