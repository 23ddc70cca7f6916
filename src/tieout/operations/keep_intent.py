"""Keeps an intent through its life; every change is refused to a leg that no longer owns its run (reliability §2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from tieout.domain.writing import Found, Intent, State
from tieout.operations.rest_run import Recorded
from tieout.store import intents, runs
from tieout.store.database import Database


@dataclass(frozen=True, slots=True)
class Held:
    """Another run is busy with the very same record; it will be confirmed or parked soon."""

    run: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Whom a written record stands for: the origin (Stripe connection) and the subject's id."""

    origin: str
    subject: str


def claim_intent(
    books: Database, run: runs.RunRow, wanted: Intent, done: Recorded, at: float
) -> intents.KeptIntent | Held:
    """The intent under which this record may be written, with what the run recorded so far.

    What was never sent takes the wanted document. What may be on its way keeps the document that was sent. What another
    live run is writing is Held.
    """
    with books.transaction() as db:
        runs.owned(db, run.id, run.epoch)
        runs.add_steps(db, run.id, done.place, done.steps)
        kept = intents.get(db, wanted.connection, wanted.reference)
        if kept and _busy_elsewhere(db, kept, run):
            return Held(kept.run)
        intent = _renewed(kept.intent, wanted) if kept else wanted
        if not kept or kept.intent.state is not State.CONFIRMED:
            intents.put(db, intent, intents.Claim(run.id, run.epoch, at))
        return intents.KeptIntent(intent, run.id, kept.shown if kept else {})


def change_intent(books: Database, run: runs.RunRow, intent: Intent, at: float) -> Intent:
    """Keep the intent as it now stands; it is on disk when this returns."""
    with books.transaction() as db:
        runs.owned(db, run.id, run.epoch)
        intents.put(db, intent, intents.Claim(run.id, run.epoch, at))
    return intent


def confirm_intent(
    books: Database, run: runs.RunRow, intent: Intent, found: Found, proof: Proof, at: float
) -> Mapping[str, str]:
    """The record is there: keep its key, what it shows, and the link that proves whom it stands for."""
    with books.transaction() as db:
        runs.owned(db, run.id, run.epoch)
        confirmed = replace(intent, state=State.CONFIRMED, key=found.key)
        intents.put(db, confirmed, intents.Claim(run.id, run.epoch, at), found.shown)
        intents.link(db, _link(run, intent, found.key, proof, at))
    return found.shown


def _busy_elsewhere(db: sa.Connection, kept: intents.KeptIntent, run: runs.RunRow) -> bool:
    if kept.run == run.id or kept.intent.state is State.CONFIRMED:
        return False
    holder = runs.run(db, kept.run)
    return holder is not None and holder.state not in runs.ENDED


def _renewed(kept: Intent, wanted: Intent) -> Intent:
    if kept.state in (State.SENT, State.CONFIRMED):
        return kept
    return replace(wanted, attempt=0)


def _link(run: runs.RunRow, intent: Intent, key: str, proof: Proof, at: float) -> dict[str, object]:
    return {
        "connection": intent.connection,
        "reference": intent.reference,
        "entity": intent.entity,
        "key": key,
        "origin": proof.origin,
        "subject": proof.subject,
        "run": run.id,
        "at": at,
    }
