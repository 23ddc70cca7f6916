"""Whether the systems we depend on can be reached."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from tieout.kernel.clock import iso
from tieout.store import connections, installation
from tieout.store.database import Database

FREE_BYTES_MIN = 64_000_000
SILENT_SECONDS_MAX = 180.0


@dataclass(frozen=True, slots=True)
class Health:
    """The connections that are away, each with the reason in words. A pause or two is no outage: it is not told.

    ``files``: what is wrong with the books' file or the worker, a sentence each.
    """

    away: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()


def health(books: Database) -> Health:
    """What is away: paused so many times in a row that it was worth an alert, and not heard of since."""
    with books.reading() as db:
        away = tuple((row.name, row.paused_because) for row in connections.every(db) if row.is_away)
        belongs = installation.get(db)
    return Health(away, (*_of_file(books.file), *_of_worker(belongs.seen_at if belongs else 0.0)))


def _of_file(file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    told = []
    if not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
        told.append(
            f"{file.name} or its folder cannot be written. Correct the permissions, or mount the disk for writing."
        )
    if (free := shutil.disk_usage(file.parent).free) < FREE_BYTES_MIN:
        told.append(f"The disk of {file.name} is nearly full: {free // 1_000_000} MB are free. Make room.")
    return tuple(told)


def _of_worker(seen_at: float) -> tuple[str, ...]:
    """A worker says every minute that it is at work. One that is stopped in the middle of a change holds the books for all."""
    if not seen_at or time.time() - seen_at < SILENT_SECONDS_MAX:
        return ()
    return (
        f"No worker has said since {iso(seen_at)} that it is at work. Start one: tieout work. If one is running, it is stopped, or "
        "waits for a process that holds the books: find and end that.",
    )
