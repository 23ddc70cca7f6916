"""Parks what an unforeseen error struck, after a few tries: the last net under every leg (security S53)."""

from __future__ import annotations

import logging

from tieout.engine import Rest
from tieout.kernel.failures import Defect
from tieout.kernel.log import log
from tieout.nodes._ports import Ports
from tieout.operations.end_event import end_event
from tieout.operations.rest_event import postpone_event
from tieout.operations.rest_run import Unsaved, park_run
from tieout.store import lanes, runs, states

TRIES_MAX = 3
TRY_AGAIN_SECONDS = 2.0


def park_defect(ports: Ports, seq: int, error: Exception) -> Rest:
    """Try again a few times, then park the event's open runs (or the event itself) as a defect of ours."""
    with ports.books.reading() as db:
        event = lanes.event(db, seq)
        going = [run for run in runs.runs_of(db, seq) if run.state not in states.ENDED]
    if event.state in states.ENDED:
        return Rest()
    if event.failed_tries + 1 < TRIES_MAX:
        postpone_event(ports.books, seq, event.failed_tries + 1, "")
        return Rest(TRY_AGAIN_SECONDS)
    failure = _defect(error)
    names = ", ".join(run.id for run in going)
    log("parked as a defect", logging.ERROR, seq=seq, runs=names, code=failure.code, sentence=failure.sentence)
    for run in going:
        park_run(ports.books, run, Unsaved(0, ()), run.node, failure, ports.clock())
    if not going:
        end_event(ports.books, seq, states.PARKED, failure.sentence, ports.clock())
    return Rest()


def _defect(error: Exception) -> Defect:
    return Defect(
        "tieout.defect",
        "Tieout met something it was not built for. Nothing is lost; report what the log says, then replay.",
        f"{type(error).__name__}: {error}",
    )
