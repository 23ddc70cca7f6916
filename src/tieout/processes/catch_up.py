"""Finds what no event told: reads Stripe's objects again and states each fact that has no run yet (M20; Stripe B14)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from tieout.domain.facts import Fact
from tieout.kernel.log import log
from tieout.nodes._ports import Ports
from tieout.operations.state_fact import state_facts
from tieout.store import inbox, ledgers, runs

DAYS = 35
DAY_SECONDS = 86_400
LAG_SECONDS = 300
BATCH_FACTS_MAX = 200


def catch_up(ports: Ports, connection: str) -> int:
    """State every fact of the last weeks that has no run; answers how many. Raises Failed.

    Nothing from before Tieout listened: an old payment may have been entered by hand. What is younger than a few minutes is
    left to its event.
    """
    until = int(ports.clock()) - LAG_SECONDS
    since = max(_listening_since(ports, connection), until - DAYS * DAY_SECONDS)
    stripe, stated = ports.connections.stripe(connection), 0
    livemode = stripe.settings.livemode
    for batch in _batches(stripe.stated_again(since, until)):
        with ports.books.reading() as db:
            fresh = [one for one in batch if not runs.runs_for_fact(db, connection, livemode, one.identity)]
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
    with ports.box.reading() as db:
        first = inbox.first_received(db, connection)
    moments = [int(one) for one in (first, ledger.kept_at if ledger else None) if one]
    since = min(moments, default=int(ports.clock()))
    if ledger and ledger.policy.starts:
        began = datetime.fromisoformat(ledger.policy.starts).replace(tzinfo=ledger.policy.zone())
        since = max(since, int(began.timestamp()))
    return since


def _batches(facts: Iterator[Fact]) -> Iterator[Sequence[Fact]]:
    while batch := list(islice(facts, BATCH_FACTS_MAX)):
        yield batch
