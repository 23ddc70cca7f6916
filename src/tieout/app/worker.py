"""The worker process: takes up what was kept, walks runs, and takes over from workers that died."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tieout.app.bookkeeper import Bookkeeper
from tieout.app.hardening import harden
from tieout.app.house import House
from tieout.app.installation import bind_engine
from tieout.app.starting import see_to_files
from tieout.app.troubles import Troubles
from tieout.app.worker_names import dead_workers, named
from tieout.engine import Leg, Rest
from tieout.engine.durable_engine import DurableEngine
from tieout.kernel.log import log
from tieout.operations.mend_files import saw_worker, writes_have_settled
from tieout.processes.dispatch import dispatch, reclaim
from tieout.processes.park_defect import park_defect
from tieout.processes.walk_event import walk_event
from tieout.store import connections, installation

BUSY_SECONDS, IDLE_SECONDS, BUSY_ROUNDS = 0.05, 0.2, 40
TROUBLE_SECONDS = 2.0
RECOVER_EVERY_SECONDS = 5.0
REMEMBERED_SECONDS = 24 * 3600.0
FORGET_EVERY_SECONDS = 60.0


def work(house: House, stop: threading.Event) -> None:
    """Work until told to stop. Failed(Fix) when a worker of that name is already at work on this folder."""
    harden()
    with named(house.settings.folder, house.settings.worker):
        see_to_files(house)
        _let_settle(house, stop)
        troubles = Troubles(house)
        engine = DurableEngine(house.settings.folder / "engine.sqlite", house.settings.worker, _leg(house, troubles))
        engine.launch()
        bind_engine(house.settings.folder)
        keeper = Bookkeeper(house, house.settings.bookkeeping_pace)
        log("worker started", worker=house.settings.worker)
        try:
            _until_stopped(house, engine, troubles, stop)
        finally:
            keeper.close()
            engine.close()


def _let_settle(house: House, stop: threading.Event) -> None:
    """Books that were restored do not know what was sent last: it has its time to arrive before it is looked for."""
    with house.books.reading() as db:
        belongs = installation.get(db)
        names = [row.name for row in connections.every(db)]
    if belongs is None or not belongs.settles_anew:
        return
    seconds = max((house.ports.connections.settle_seconds(name) for name in names), default=0.0)
    log("worker waits: what was sent before the restore may still arrive", seconds=seconds)
    if not stop.wait(seconds):
        writes_have_settled(house.books)


def _leg(house: House, troubles: Troubles) -> Leg:
    def leg(argument: str) -> Rest:
        try:
            return walk_event(house.ports, argument)
        except Exception as error:
            if troubles.known("a leg", error):
                return Rest(TROUBLE_SECONDS)
            return _unexpected(house, troubles, int(argument.partition("/")[0]), error)

    return leg


def _unexpected(house: House, troubles: Troubles, seq: int, error: Exception) -> Rest:
    """Nothing may be lost to an error that no one foresaw: it is logged, tried again, and parked if it stays."""
    log("unexpected error", logging.ERROR, seq=seq, error=f"{type(error).__name__}: {error}")
    logging.getLogger("tieout").debug("traceback", exc_info=error)
    try:
        return park_defect(house.ports, seq, error)
    except Exception as again:
        if not troubles.known("parking", again):
            log("database trouble", logging.ERROR, seq=seq, error=str(again))
        return Rest(TROUBLE_SECONDS)


def _until_stopped(house: House, engine: DurableEngine, troubles: Troubles, stop: threading.Event) -> None:
    recover, forget, idle_rounds = _Every(RECOVER_EVERY_SECONDS), _Every(FORGET_EVERY_SECONDS), 0
    _guarded(troubles, "a sign of life", lambda: saw_worker(house.books, house.ports.clock()))
    while not stop.is_set():
        idle_rounds = 0 if _dispatched(house, engine, troubles) else idle_rounds + 1
        if recover.due():
            _guarded(troubles, "recovery", lambda: _recover(house, engine))
            _guarded(troubles, "alerts about files", troubles.tell)
        if forget.due():
            _guarded(troubles, "forgetting", lambda: engine.forget_ended(time.time() - REMEMBERED_SECONDS))
            _guarded(troubles, "a sign of life", lambda: saw_worker(house.books, house.ports.clock()))
        if idle_rounds:
            stop.wait(BUSY_SECONDS if idle_rounds < BUSY_ROUNDS else IDLE_SECONDS)


def _recover(house: House, engine: DurableEngine) -> None:
    """What dead workers left, and what the engine lost."""
    engine.take_over(dead_workers(house.settings.folder, house.settings.worker))
    reclaim(house.ports, engine)


def _guarded(troubles: Troubles, what: str, act: Callable[[], object]) -> None:
    try:
        act()
    except Exception as error:
        if troubles.known(what, error):
            return
        log(f"{what} failed", logging.ERROR, error=f"{type(error).__name__}: {error}")


@dataclass(slots=True)
class _Every:
    """Something that is due every so many seconds."""

    seconds: float
    _done_at: float = field(default_factory=time.monotonic)

    def due(self) -> bool:
        if time.monotonic() - self._done_at < self.seconds:
            return False
        self._done_at = time.monotonic()
        return True


def _dispatched(house: House, engine: DurableEngine, troubles: Troubles) -> int:
    try:
        return dispatch(house.ports, engine)
    except Exception as error:
        if troubles.known("dispatch", error):
            return 0
        log("dispatch failed", logging.ERROR, error=f"{type(error).__name__}: {error}")
        return 0
