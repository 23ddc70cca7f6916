"""Who works on a folder: each worker holds the lock of a file with its name, and the kernel frees it when the worker dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tieout.kernel.failures import Failed, Fix


@contextmanager
def named(folder: Path, worker: str) -> Iterator[None]:
    """Hold the lock of a worker's name. Failed(Fix) when a worker of that name is at work."""
    with _file_of(folder, worker).open("a+") as file:
        if not _locked(file):
            raise Failed(
                Fix(
                    "worker.running",
                    f"A worker called {worker} is already at work on {folder}. Stop it, or name this one: --worker",
                    field="worker",
                    value=worker,
                )
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def dead_workers(folder: Path, me: str) -> list[str]:
    """Workers whose lock is free: they died, or were stopped, and what they were doing can be taken over."""
    return [name for name, alive in _all(folder) if name != me and not alive]


def live_workers(folder: Path) -> list[str]:
    """Workers that are at work now."""
    return [name for name, alive in _all(folder) if alive]


def _all(folder: Path) -> Iterator[tuple[str, bool]]:
    for path in sorted(folder.glob("*.worker")):
        with path.open("a+") as file:
            yield path.stem, not _locked(file)


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _file_of(folder: Path, worker: str) -> Path:
    return folder / f"{worker}.worker"
