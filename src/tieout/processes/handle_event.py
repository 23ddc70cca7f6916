"""Handles one kept event: states its fact, starts the workflows that listen, walks their runs to an end state."""

from __future__ import annotations

import logging

from tieout.connectors.stripe.events import state_of
from tieout.domain.facts import Fact, Ignored, Statement
from tieout.domain.mapping.expression import Expression
from tieout.domain.retrying import attempts_after
from tieout.domain.workflow import format as workflow_file
from tieout.engine import Rest
from tieout.kernel.failures import Failed, Failure, Retry
from tieout.kernel.log import log
from tieout.nodes._ports import Ports
from tieout.operations.end_event import end_event, postpone_event
from tieout.operations.start_run import start_runs
from tieout.processes.run_workflow import run_workflow
from tieout.store import inbox, runs, workflows
from tieout.store.runs import EventRow, RunRow

DATABASE_SECONDS = 2.0


def handle_event(ports: Ports, seq: int) -> Rest:
    """One leg of an event's work; the answer says when the next is due, or that the event has its end state."""
    with ports.books.reading() as db:
        event = runs.event(db, seq)
        started = runs.runs_of(db, seq)
    if event.state in runs.ENDED:
        return Rest()
    if not started:
        return _route(ports, event)
    return _walk(ports, [run for run in started if run.state not in runs.ENDED])


def _walk(ports: Ports, going: list[RunRow]) -> Rest:
    waits = [run_workflow(ports, run.id).wait_seconds for run in going]
    return Rest(min((wait for wait in waits if wait is not None), default=None))


def _route(ports: Ports, event: EventRow) -> Rest:
    try:
        statement = _statement(ports, event)
    except Failed as error:
        return _unrouted(ports, event, error.failure)
    if isinstance(statement, Ignored):
        return _end(ports, event, runs.IGNORED, statement.reason)
    return _start(ports, event, statement)


def _statement(ports: Ports, event: EventRow) -> Statement:
    with ports.box.reading() as db:
        kept = inbox.one(db, event.seq)
    return state_of(kept.type, kept.body, lambda: ports.connections.stripe(event.connection), thin=kept.thin)


def _start(ports: Ports, event: EventRow, fact: Fact) -> Rest:
    with ports.books.reading() as db:
        listening = [one for one in workflows.all_active(db) if _listens(one, fact)]
    if not listening:
        return _end(ports, event, runs.IGNORED, f"no published workflow listens to {fact.kind.replace('_', ' ')}")
    found = start_runs(ports.books, event, listening, fact, ports.clock())
    own = [run for run in found if run.seq == event.seq]
    if not own:
        return _end(ports, event, runs.IGNORED, f"{fact.subject} is already in hand: run {found[0].id}")
    return _walk(ports, own)


def _listens(published: workflows.Published, fact: Fact) -> bool:
    trigger = workflow_file.read(published.text).trigger
    if trigger.fact != fact.kind:
        return False
    inputs = {"fact": {"kind": fact.kind, "subject": fact.subject}}
    return not trigger.when or Expression.parse(trigger.when).value(inputs) is True


def _unrouted(ports: Ports, event: EventRow, failure: Failure) -> Rest:
    if isinstance(failure, Retry):
        tries = attempts_after(event.failed_tries, failure)
        if not ports.retries.exhausted(tries):
            postpone_event(ports.books, event.seq, tries, failure.sentence)
            return Rest(ports.retries.delay_seconds(max(1, tries), ports.dice(), failure))
    return _end(ports, event, runs.PARKED, failure.sentence)


def _end(ports: Ports, event: EventRow, state: str, reason: str) -> Rest:
    end_event(ports.books, event.seq, state, reason, ports.clock())
    level = logging.WARNING if state == runs.PARKED else logging.INFO
    log(f"event {state}", level, event_id=event.event_id, type=event.type, reason=reason)
    return Rest()
