"""States a fact that no event of Stripe brought: found by reading, or made by Tieout itself. Once, however often it is said."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tieout.domain.facts import OWN, Fact, object_of
from tieout.kernel.canonical import canonical
from tieout.operations.receive_events import receive_events
from tieout.store.database import Database
from tieout.store.inbox import Kept


def state_facts(box: Database, connection: str, livemode: bool, facts: Sequence[Fact], why: str, at: float) -> None:
    """Keep facts in the inbox, each as an event of our own; ``why`` says how they were found."""
    receive_events(box, [_event(connection, livemode, fact, why, at) for fact in facts])


def fact_in(body: str) -> Fact:
    """The fact in an event of our own."""
    found = json.loads(body)
    return Fact(found["kind"], found["subject"])


def _event(connection: str, livemode: bool, fact: Fact, why: str, at: float) -> Kept:
    subject = object_of(fact.subject)
    return Kept(
        connection=connection,
        livemode=livemode,
        event_id=f"{OWN}{fact.identity}",
        type=f"{OWN}{fact.kind}",
        lane=subject,
        object_id=subject,
        thin=False,
        readable=True,
        body=canonical({"kind": fact.kind, "subject": fact.subject, "why": why}),
        received_at=at,
    )
