"""Intake: keeps arriving events in groups, one commit for all that wait, and tells each sender only after it.

One thread writes; whoever waits is answered when the commit is on disk, or told that it could not be kept.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from dataclasses import dataclass

from tieout.kernel.log import log
from tieout.operations.receive_events import receive_events
from tieout.store import damage
from tieout.store.database import Database
from tieout.store.inbox import Kept

GROUP_EVENTS_MAX = 500
WAITING_EVENTS_MAX = 5_000


class NotKept(Exception):
    """The event could not be kept now; it must not be acknowledged."""


@dataclass(slots=True)
class _Arrival:
    kept: Kept
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[None]


class Intake:
    """Keeps events durably; ``keep`` returns when the event is on disk."""

    def __init__(self, box: Database) -> None:
        self._box = box
        self._waiting: deque[_Arrival] = deque()
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self._thread.start()

    async def keep(self, kept: Kept) -> None:
        """Wait until the event is on disk. Raises NotKept when that fails or too many wait."""
        loop = asyncio.get_running_loop()
        arrival = _Arrival(kept, loop, loop.create_future())
        with self._wake:
            if self._closed or len(self._waiting) >= WAITING_EVENTS_MAX:
                raise NotKept("too many events wait to be kept")
            self._waiting.append(arrival)
            self._wake.notify()
        await arrival.answer

    def close(self) -> None:
        """Keep what waits, then stop."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while group := self._next_group():
            error = self._keep_group(group)
            for loop in {arrival.loop for arrival in group}:
                mine = [arrival.answer for arrival in group if arrival.loop is loop]
                loop.call_soon_threadsafe(_answer, mine, error)

    def _next_group(self) -> list[_Arrival]:
        with self._wake:
            while not self._waiting and not self._closed:
                self._wake.wait()
            return [self._waiting.popleft() for _ in range(min(GROUP_EVENTS_MAX, len(self._waiting)))]

    def _keep_group(self, group: list[_Arrival]) -> NotKept | None:
        try:
            receive_events(self._box, [arrival.kept for arrival in group])
        except Exception as error:
            fix = damage.trouble(error, "inbox.sqlite")
            why = fix.sentence if fix else str(error)
            log("events not kept", logging.ERROR, count=len(group), error=why)
            return NotKept(why)
        return None


def _answer(waiting: list[asyncio.Future[None]], error: NotKept | None) -> None:
    for answer in waiting:
        if answer.done():
            continue
        if error:
            answer.set_exception(error)
        else:
            answer.set_result(None)
