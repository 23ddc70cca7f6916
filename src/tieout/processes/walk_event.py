"""Walks one kept event: states its fact, starts the workflows that listen, walks their runs to an end state."""

from __future__ import annotations

import logging

from tieout.connectors.stripe.events import state_of
from tieout.connectors.stripe.webhook import ReceivedEvent
from tieout.domain.facts import OWN, Fact, Ignored, Notice, Statement
from tieout.domain.mapping.expression import Expression
from tieout.domain.retrying import attempts_after
from tieout.engine import Rest
from tieout.kernel.failures import Failed, Failure, Fix, Retry
from tieout.kernel.log import log
from tieout.nodes._ports import Ports
from tieout.operations.end_event import end_event
from tieout.operations.raise_alert import raise_alert
from tieout.operations.rest_event import postpone_event, set_aside, step_aside, wait_no_more
from tieout.operations.start_run import start_runs
from tieout.operations.state_fact import fact_in
from tieout.processes.bounced import tell_if_bounced
from tieout.processes.outages import Watched, pause_if_away, watched
from tieout.processes.run_workflow import Pause, run_workflow, workflow_of
from tieout.store import inbox, lanes, runs, states, workflows
from tieout.store.lanes import EventRow
from tieout.store.runs import RunRow

LINGER_SECONDS = 20.0
NOTICE = "stripe.notice"
REST_SECONDS_MIN = 0.05


def walk_event(ports: Ports, argument: str) -> Rest:
    """One leg of an event's work; the answer says when the next is due, or that this work is done.

    Short waits are left to the engine. What waits longer, for a connection or for another run is set aside and handed over
    anew: however much waits, the engine has room for what can go on.
    """
    seq, _, number = argument.partition("/")
    with ports.books.reading() as db:
        event = lanes.event(db, int(seq))
        started = runs.runs_of(db, int(seq))
    if event.state in states.ENDED or event.wanted != int(number):
        return Rest()
    going = [run for run in started if run.state not in states.ENDED]
    pause = _walk(ports, going, all_due=bool(event.waits_for)) if started else _route(ports, event)
    if started and event.failed_tries:
        postpone_event(ports.books, event.seq, 0, "")
    return Rest() if pause is None else _rest(ports, event, pause)


def _rest(ports: Ports, event: EventRow, pause: Pause) -> Rest:
    if pause.aside and not event.is_aside:
        step_aside(ports.books, event, pause.until)
        return Rest()
    wait = pause.until - ports.clock()
    if wait > LINGER_SECONDS or pause.waits_for or pause.aside:
        set_aside(ports.books, event, pause.until, pause.waits_for)
        return Rest()
    if event.waits_for:
        wait_no_more(ports.books, event.seq)
    return Rest(max(REST_SECONDS_MIN, wait))


def _walk(ports: Ports, going: list[RunRow], *, all_due: bool = True) -> Pause | None:
    """Walk the runs that are due; one that waits is not disturbed because a neighbour wakes."""
    now = ports.clock()
    due = [run for run in going if all_due or run.wake_at <= now] or going
    pauses = [Pause(run.wake_at) for run in going if run not in due]
    pauses += [pause for pause in (run_workflow(ports, run.id) for run in due) if pause]
    return min(pauses, key=lambda pause: (bool(pause.waits_for), pause.until), default=None)


def _route(ports: Ports, event: EventRow) -> Pause | None:
    ports, watch = watched(ports)
    try:
        statement = _statement(ports, event)
    except Failed as error:
        return _unrouted(ports, watch, event, error.failure)
    if isinstance(statement, Notice):
        raise_alert(ports.books, NOTICE, statement.sentence, f"{event.connection} {event.event_id}", ports.clock())
        _end(ports, event, states.IGNORED, f"told, nothing to write: {statement.sentence}")
        return None
    if isinstance(statement, Ignored):
        try:
            tell_if_bounced(ports, event)
        except Failed as error:
            return _unrouted(ports, watch, event, error.failure)
        _end(ports, event, states.IGNORED, statement.reason)
        return None
    return _start(ports, event, statement)


def _statement(ports: Ports, event: EventRow) -> Statement:
    with ports.box.reading() as db:
        kept = inbox.of_event(db, event.connection, event.livemode, event.event_id)
    if kept is None:
        return _stated_without_inbox(ports, event)
    if kept.type.startswith(OWN):
        return fact_in(kept.body)
    return state_of(kept.type, kept.body, lambda: ports.connections.stripe(event.connection), thin=kept.thin)


def _stated_without_inbox(ports: Ports, event: EventRow) -> Statement:
    """What the event states although its body is lost: its id tells a fact of our own, Stripe keeps its events for 30 days."""
    if event.type.startswith(OWN):
        kind, _, subject = event.event_id.removeprefix(OWN).partition(":")
        return Fact(kind, subject)
    stripe = ports.connections.stripe(event.connection)
    found = stripe.event(event.event_id)
    if isinstance(found, ReceivedEvent):
        return state_of(found.type, found.body, lambda: stripe, thin=found.thin)
    raise Failed(_body_lost(event))


def _body_lost(event: EventRow) -> Fix:
    sentence = (
        f"What Stripe sent in event {event.event_id} ({event.type}) is not in the inbox any more: inbox.sqlite is another one, or "
        "older than the books. Stripe does not list the event any more either. Put the right inbox.sqlite back, then replay; "
        "or look in Stripe at what happened then, and enter what is missing in P21 by hand."
    )
    return Fix("inbox.body_lost", sentence, field="event", value=event.event_id)


def _start(ports: Ports, event: EventRow, fact: Fact) -> Pause | None:
    with ports.books.reading() as db:
        listening = [one for one in workflows.all_active(db) if _listens(one, fact)]
    if not listening:
        _end(ports, event, states.IGNORED, f"no published workflow listens to {fact.kind.replace('_', ' ')}")
        return None
    found = start_runs(ports.books, event, listening, fact, ports.clock())
    own = [run for run in found if run.seq == event.seq]
    if not own:
        _end(ports, event, states.IGNORED, f"{fact.subject} is already in hand: run {found[0].id}")
        return None
    return _walk(ports, own)


def _listens(published: workflows.Published, fact: Fact) -> bool:
    trigger = workflow_of(published.text).trigger
    if fact.kind not in trigger.facts:
        return False
    inputs = {"fact": {"kind": fact.kind, "subject": fact.subject}}
    return not trigger.when or Expression.parse(trigger.when).value(inputs) is True


def _unrouted(ports: Ports, watch: Watched, event: EventRow, failure: Failure) -> Pause | None:
    if isinstance(failure, Retry):
        tries = attempts_after(event.failed_tries, failure)
        if not ports.retries.exhausted(tries):
            postpone_event(ports.books, event.seq, tries, failure.sentence)
            away = pause_if_away(ports, watch, failure) if failure.outage else ""
            delay = ports.retries.delay_seconds(max(1, tries), ports.dice(), failure)
            return Pause(ports.clock() + delay, away)
    _end(ports, event, states.PARKED, failure.sentence)
    return None


def _end(ports: Ports, event: EventRow, state: str, reason: str) -> None:
    end_event(ports.books, event.seq, state, reason, ports.clock())
    level = logging.WARNING if state == states.PARKED else logging.INFO
    log(f"event {state}", level, event_id=event.event_id, type=event.type, reason=reason)
