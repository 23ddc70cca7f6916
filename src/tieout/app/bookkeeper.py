"""Keeps the books of every ledger by the schedule and catches up for every Stripe account, beside the worker.

Of many workers on one folder, one does it.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tieout.app.house import House
from tieout.engine.schedule import SCHEDULE, Scheduled
from tieout.kernel.failures import Failed, Retry
from tieout.kernel.log import log
from tieout.operations.raise_alert import raise_alert
from tieout.processes.keep_books import CHORES
from tieout.processes.keep_heads import keep_heads
from tieout.store import connections, ledgers

LOOK_SECONDS = 1.0
HEADS_SECONDS = 3600.0
LOCK = "books.lock"


class Bookkeeper:
    """A thread that does what is due; ``close`` waits for what it is doing."""

    def __init__(self, house: House, pace: float = 1.0) -> None:
        self._house, self._pace = house, pace
        self._stop = threading.Event()
        self._done_at: dict[tuple[str, str], float] = {}
        self._heads_due = time.monotonic() + HEADS_SECONDS * pace
        self._thread = threading.Thread(target=self._run, name="bookkeeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop after what is being done."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS * self._pace):
            with _alone(self._house.settings.folder) as mine:
                if mine:
                    self._round()
                    self._keep_heads()

    def _round(self) -> None:
        try:
            with self._house.books.reading() as db:
                accounts = [row.name for row in connections.every(db) if row.connector == "stripe"]
                kept = {row.connection for row in ledgers.every(db)}
        except Exception as error:
            log("ledgers not read", logging.ERROR, error=f"{type(error).__name__}: {error}")
            return
        for name in dict.fromkeys([*accounts, *kept]):
            for one in SCHEDULE:
                if not self._stop.is_set() and (name in kept or one.needs_no_ledger) and self._is_due(one, name):
                    guarded(self._house, one.name, name, partial(CHORES[one.name], self._house.ports, name))

    def _keep_heads(self) -> None:
        if time.monotonic() >= self._heads_due:
            self._heads_due = time.monotonic() + HEADS_SECONDS * self._pace
            guarded(self._house, "heads", "", partial(keep_heads, self._house.books, self._house.head_files))

    def _is_due(self, one: Scheduled, name: str) -> bool:
        done_at = self._done_at.get((one.name, name))
        if done_at is not None and time.monotonic() - done_at < one.every_seconds * self._pace:
            return False
        self._done_at[one.name, name] = time.monotonic()
        return True


def guarded(house: House, what: str, connection: str, act: Callable[[], object]) -> None:
    """Do it; what fails is logged, told once where a person must act, and due again at its next time."""
    try:
        act()
    except Failed as error:
        failure = error.failure
        log(f"{what} not done", logging.WARNING, connection=connection, code=failure.code, sentence=failure.sentence)
        if not isinstance(failure, Retry):
            _tell(house, failure.code, failure.sentence, f"{connection} {what}")
    except Exception as error:
        log(f"{what} failed", logging.ERROR, connection=connection, error=f"{type(error).__name__}: {error}")
        logging.getLogger("tieout").debug("traceback", exc_info=error)


def _tell(house: House, code: str, sentence: str, about: str) -> None:
    try:
        raise_alert(house.books, f"books.{code}", sentence, about, house.ports.clock())
    except Exception as error:
        log("alert not kept", logging.ERROR, error=str(error))


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether this process alone keeps the books of the folder now; the kernel frees the lock when a process dies."""
    with (folder / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
