"""Finds what no event told: reads Stripe's list of events, then its objects, and states each fact that has no run yet (M20;
Stripe B14).

The list is read from where it was last read to: after an outage, or after a restore of older books, from before it. It tells
everything, but only for 30 days and of what was generated; the objects tell what they are now, however old.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NoReturn, TypeVar

from tieout.connectors.stripe.events import catalogue, state_of
from tieout.connectors.stripe.webhook import ReceivedEvent
from tieout.domain.facts import Fact
from tieout.kernel.failures import Failed
from tieout.kernel.log import log
from tieout.nodes._ports import Ports
from tieout.operations.keep_caught_up import keep_caught_up
from tieout.operations.receive_events import receive_events
from tieout.operations.state_fact import state_facts
from tieout.store import caught_up, inbox, lanes, ledgers, runs

DAYS = 35
DAY_SECONDS = 86_400
LAG_SECONDS = 300
BATCH_MAX = 200
NO_PERMISSION = "stripe.permission"

One = TypeVar("One")


def catch_up(ports: Ports, connection: str) -> int:
    """Keep every listed event that is lacking, and state every fact of the last weeks that has no run; answers how many.

    Nothing from before Tieout listened: an old payment may have been entered by hand. An object that is younger than a few
    minutes is left to its event; the list tells what is a minute old, and an event that comes twice is one. Raises Failed.
    """
    until = int(ports.clock()) - LAG_SECONDS
    since = max(_listening_since(ports, connection), until - DAYS * DAY_SECONDS)
    told = _listed(ports, connection, since, until)
    return len(told) + _stated(ports, connection, since, until, set(told))


def _listed(ports: Ports, connection: str, since: int, until: int) -> list[str]:
    """Keep the listed events that the inbox lacks, of the types that Tieout knows or was ever sent; answers what each of them
    states, or its id. Without the permission to list them, the objects must tell."""
    with ports.books.reading() as db:
        known_until, types = caught_up.until(db, connection), catalogue().keys() | lanes.types_known(db, connection)
    stripe, told = ports.connections.stripe(connection), list[str]()
    try:
        for batch in _batches(stripe.events(max(since, int(known_until) - LAG_SECONDS))):
            known = [one for one in batch if isinstance(one, ReceivedEvent) and one.type in types]
            told += _kept(ports, connection, stripe.settings.livemode, known)
    except Failed as error:
        if error.failure.code != NO_PERMISSION:
            raise
        log("events not listed", logging.WARNING, connection=connection, why=error.failure.sentence)
        return told
    keep_caught_up(ports.books, connection, until)
    return told


def _kept(ports: Ports, connection: str, livemode: bool, known: Sequence[ReceivedEvent]) -> list[str]:
    with ports.box.reading() as db:
        lacking = [one for one in known if inbox.of_event(db, connection, livemode, one.id) is None]
    with ports.books.reading() as db:  # an inbox that is older than the books lacks what was worked on long ago
        done = lanes.known(db, connection, [one.id for one in lacking]) if lacking else set()
    fresh = [one for one in lacking if one.livemode == livemode and one.id not in done]
    if fresh:
        receive_events(ports.box, [_arrival(connection, one, ports.clock()) for one in fresh])
        log("events found in the list", logging.INFO, connection=connection, events=len(fresh))
    return [_told(one) for one in fresh]


def _told(event: ReceivedEvent) -> str:
    """The fact that the event itself states: it is not stated a second time by its object."""
    try:
        statement = None if event.thin else state_of(event.type, event.body, _nothing_is_read)
    except Failed:
        return event.id  # whoever walks the event says why
    return statement.identity if isinstance(statement, Fact) else event.id


def _nothing_is_read() -> NoReturn:
    raise AssertionError("only thin events are read from Stripe")


def _arrival(connection: str, event: ReceivedEvent, at: float) -> inbox.Kept:
    return inbox.Kept(
        connection,
        event.livemode,
        event.id,
        event.type,
        event.lane,
        event.object_id,
        event.thin,
        True,
        event.body,
        at,
    )


def _stated(ports: Ports, connection: str, since: int, until: int, told: Collection[str]) -> int:
    stripe, stated = ports.connections.stripe(connection), 0
    livemode = stripe.settings.livemode
    for batch in _batches(stripe.stated_again(since, until)):
        untold = [one for one in batch if one.identity not in told]
        with ports.books.reading() as db:
            fresh = [one for one in untold if not runs.runs_for_fact(db, connection, livemode, one.identity)]
        if fresh:
            state_facts(ports.box, connection, livemode, fresh, "no event told it; found by reading", ports.clock())
            log("facts found by reading", logging.INFO, connection=connection, facts=len(fresh))
        stated += len(fresh)
    return stated


def _listening_since(ports: Ports, connection: str) -> int:
    """Since when Tieout does this account's work: the first event that was kept, or since its ledger is; never before the
    ledger's first day, and now when neither is there."""
    with ports.books.reading() as db:
        ledger = ledgers.get(db, connection)
        taken_up = lanes.first_received(db, connection)
    with ports.box.reading() as db:
        first = inbox.first_received(db, connection)
    moments = [int(one) for one in (first, taken_up, ledger.kept_at if ledger else None) if one]
    since = min(moments, default=int(ports.clock()))
    if ledger and ledger.policy.starts:
        began = datetime.fromisoformat(ledger.policy.starts).replace(tzinfo=ledger.policy.zone())
        since = max(since, int(began.timestamp()))
    return since


def _batches(found: Iterator[One]) -> Iterator[Sequence[One]]:
    while batch := list(islice(found, BATCH_MAX)):
        yield batch
