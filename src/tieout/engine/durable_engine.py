"""The durable engine: DBOS Transact on its own SQLite file, used for queues, lanes, waits and recovery only.

A leg is one DBOS step, so its answer is a checkpoint; what happens inside a leg has checkpoints of ours (intents and
steps), because DBOS promises steps at least once. Values that cross the door are texts and numbers: nothing is pickled.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID

from tieout.engine import Leg, Work
from tieout.engine.queues import QUEUE, Queue

APPLICATION = "tieout"
APPLICATION_VERSION = "legs-1"
BUSY_MILLISECONDS = 30_000
RECOVERIES_MAX = 1_000
UNENDED = ["ENQUEUED", "DELAYED", "PENDING"]
ENDED = ["SUCCESS", "ERROR", "CANCELLED"]
FORGOTTEN_MAX = 500
SUBSECONDS_SINCE = (3, 42)  # from this SQLite on, unixepoch knows 'subsec'


class DurableEngine:
    """One worker process's engine. ``worker`` names it: no two live processes may have the same name."""

    def __init__(self, file: Path, worker: str, leg: Leg, *, queue: Queue = QUEUE) -> None:
        self._leg, self._queue = leg, queue
        self._legs = ThreadPoolExecutor(queue.threads, thread_name_prefix="leg")
        DBOS(config=_config(file, worker))
        _log_with_ours()

        async def work(argument: str) -> None:
            await self._until_done(argument)

        self._workflow = DBOS.workflow(name="work", max_recovery_attempts=RECOVERIES_MAX)(work)

    def launch(self) -> None:
        """Start taking work, what was under way when this worker died first."""
        DBOS.listen_queues([self._queue.name])
        DBOS.launch()
        DBOS.register_queue(
            self._queue.name,
            worker_concurrency=self._queue.waiting_max,
            partition_concurrency=1,
            polling_interval_sec=self._queue.poll_seconds,
            on_conflict="always_update",
        )

    def submit(self, work: Work) -> None:
        """Keep the work durably; an id that is known changes nothing."""
        with SetWorkflowID(work.id), SetEnqueueOptions(queue_partition_key=work.lane):
            DBOS.enqueue_workflow(self._queue.name, self._workflow, work.argument)

    def keeps(self, ids: Sequence[str]) -> set[str]:
        """Of these ids, those whose work it has and has not ended."""
        found = DBOS.list_workflows(workflow_ids=list(ids), status=UNENDED, load_input=False, load_output=False)
        return {one.workflow_id for one in found}

    def forget_ended(self, before: float) -> int:
        """Delete work that ended before a moment (epoch seconds), the oldest first; answers how much.

        The books know what became of every event: the engine keeps ended work only so that an id is never taken twice.
        """
        moment = datetime.fromtimestamp(before, UTC).isoformat()
        ended = DBOS.list_workflows(
            completed_before=moment, status=ENDED, limit=FORGOTTEN_MAX, load_input=False, load_output=False
        )
        if ended:
            DBOS.delete_workflows([one.workflow_id for one in ended])
        return len(ended)

    def take_over(self, dead_workers: Sequence[str]) -> None:
        """Put what dead workers were doing back into the queue, in its old place."""
        if dead_workers:
            DBOS._recover_pending_workflows(list(dead_workers))

    def close(self) -> None:
        """Stop taking work and end the legs under way; their waits are for whoever starts next.

        It returns when no leg is running: only then may another take this worker's place.
        """
        DBOS.destroy(workflow_completion_timeout_sec=0)
        self._legs.shutdown(wait=True, cancel_futures=True)

    async def _until_done(self, argument: str) -> None:
        while True:
            wait = await DBOS.run_step_async({"name": "leg"}, self._one_leg, argument)
            if wait is None:
                return
            await DBOS.sleep_async(wait)

    async def _one_leg(self, argument: str) -> float | None:
        rest = await asyncio.get_running_loop().run_in_executor(self._legs, self._leg, argument)
        return rest.wait_seconds


def _log_with_ours() -> None:
    """What the engine logs goes through our log, which redacts (security S41)."""
    logger = logging.getLogger("dbos")
    logger.handlers.clear()
    logger.propagate = True


def _config(file: Path, worker: str) -> DBOSConfig:
    url = f"sqlite:///{file}"
    return {
        "name": APPLICATION,
        "system_database_url": url,
        "system_database_engine": _sqlite(url),
        "executor_id": worker,
        "application_version": APPLICATION_VERSION,
        "serializer": DBOSPortableJSONSerializer(),
        "max_executor_threads": 4,
        "log_level": "WARNING",
    }


def _sqlite(url: str) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=8, max_overflow=0, pool_timeout=30, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _safe(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "foreign_keys=ON",
            "journal_mode=DELETE",
            "synchronous=EXTRA",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        _know_subseconds(connection)

    return engine


def _know_subseconds(connection: Any) -> None:
    """From Python 3.12 on DBOS asks for unixepoch('subsec'), which an older SQLite answers with NULL."""
    if sqlite3.sqlite_version_info < SUBSECONDS_SINCE:
        connection.create_function("unixepoch", 1, _epoch_seconds)


def _epoch_seconds(modifier: object) -> float:
    if modifier != "subsec":
        raise ValueError(f"unixepoch of {modifier!r} is not asked for by this engine")
    return round(time.time(), 3)
