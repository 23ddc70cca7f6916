"""Keeps an intent through its life; every change is refused to a leg that no longer owns its run (reliability §2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from tieout.domain.writing import Found, Intent, State, conflict
from tieout.kernel.canonical import fingerprint
from tieout.kernel.failures import Fix
from tieout.operations.rest_run import Unsaved
from tieout.operations.settling import Settling
from tieout.store import intents, runs, states
from tieout.store.database import Database


@dataclass(frozen=True, slots=True)
class Busy:
    """Another run is busy with the very same record; it goes on itself at ``wake_at`` (epoch seconds)."""

    run: str
    wake_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Voided:
    """The record under this reference was taken back: what replaces it has the next one."""


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Another record of the run, or for the same thing, of which must be known first whether it stands."""

    kept: intents.KeptIntent


@dataclass(frozen=True, slots=True)
class Proof:
    """Whom a written record stands for: the origin (Stripe connection) and the ids of its subjects."""

    origin: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """The step of a run that writes, in the leg that owns the run.

    ``shares`` says that a record which another run wrote for the same subject is as good as one of its own (a customer is
    who it is); otherwise it must be the very document that is wanted. ``settling``: the windows that this process counts.
    """

    run: runs.RunRow
    path: str
    shares: bool = False
    settling: Settling = field(default_factory=Settling)


def claim_intent(
    books: Database, owner: Owner, wanted: Intent, done: Unsaved, at: float
) -> intents.KeptIntent | Busy | Voided | InTheWay | Fix:
    """The intent under which this record may be written, with what the run recorded so far.

    What was never sent takes the wanted document. What may be on its way, or stands and differs, keeps the document that was
    sent. What another live run is writing is Busy; what stands for the same subject and is another document is a Fix.
    """
    run = owner.run
    with books.transaction() as db:
        runs.require_owner(db, run.id, run.epoch)
        runs.add_steps(db, run.id, done.place, done.steps)
        kept = intents.get(db, wanted.connection, wanted.reference)
        if kept and kept.intent.state is State.VOIDED:
            return Voided()
        if kept and (holder := _busy_elsewhere(db, kept, run)):
            return Busy(holder.id, holder.wake_at)
        if kept and not _fits(kept, owner, wanted):
            return conflict(kept.intent, kept.run)
        if kept and kept.intent.state is State.CONFIRMED:
            return kept
        for other in intents.in_the_way(db, run.id, wanted):
            if holder := _busy_elsewhere(db, other, run):
                return Busy(holder.id, holder.wake_at)
            if other.intent.state is not State.CLAIMED:
                return InTheWay(other)
        intent = _renewed(kept.intent, wanted, at, owner.settling) if kept else wanted
        intents.put(db, intent, _claim(owner, at))
        return intents.KeptIntent(intent, run.id, owner.path, kept.shown if kept else {})


def change_intent(books: Database, owner: Owner, intent: Intent, at: float) -> Intent:
    """Keep the intent as it now stands; it is on disk when this returns."""
    with books.transaction() as db:
        runs.require_owner(db, owner.run.id, owner.run.epoch)
        intents.put(db, intent, _claim(owner, at))
    return intent


def settle_intent(books: Database, owner: Owner, intent: Intent) -> None:
    """Keep what was found of another record; it stays with the run and step that wrote it."""
    with books.transaction() as db:
        runs.require_owner(db, owner.run.id, owner.run.epoch)
        intents.set_state(db, intent)


def written_as(books: Database, connection: str, key: str) -> intents.KeptIntent | None:
    """The order or invoice of that number which was written, by whatever run, or None."""
    with books.reading() as db:
        return intents.written_as(db, connection, key)


def doubt_written(books: Database, owner: Owner, written: intents.KeptIntent, state: State) -> None:
    """What was written does not stand in the other system any more: a replay takes its step again, and all after it.

    ``state``: VOIDED when it was taken back there, QUARANTINED when it is nowhere.
    """
    with books.transaction() as db:
        runs.require_owner(db, owner.run.id, owner.run.epoch)
        intents.set_state(db, replace(written.intent, state=state))
        runs.forget_from(db, owner.run.id, written.path)


def left_open(books: Database, run: str) -> list[intents.KeptIntent]:
    """The documents of a run that may stand and were never settled."""
    with books.reading() as db:
        return intents.left_open(db, run)


def confirm_intent(
    books: Database, owner: Owner, intent: Intent, found: Found, proof: Proof, at: float
) -> Mapping[str, str]:
    """The record is there: keep its key, what it shows, and the links that prove whom it stands for."""
    with books.transaction() as db:
        runs.require_owner(db, owner.run.id, owner.run.epoch)
        confirmed = replace(intent, state=State.CONFIRMED, key=found.key)
        intents.put(db, confirmed, _claim(owner, at), found.shown)
        intents.link(db, [_link(owner.run, confirmed, proof.origin, one, at) for one in proof.subjects])
    return found.shown


def _claim(owner: Owner, at: float) -> intents.Claim:
    return intents.Claim(owner.run.id, owner.path, owner.run.epoch, at)


def _busy_elsewhere(db: sa.Connection, kept: intents.KeptIntent, run: runs.RunRow) -> runs.RunRow | None:
    if kept.run == run.id or kept.intent.state is State.CONFIRMED:
        return None
    holder = runs.run(db, kept.run)
    return holder if holder and holder.state not in states.ENDED else None


def _fits(kept: intents.KeptIntent, owner: Owner, wanted: Intent) -> bool:
    """Whether what was written, or may have been, can be what this step wants."""
    if owner.shares or kept.intent.state not in (State.SENDING, State.QUARANTINED, State.CONFIRMED):
        return True
    own = kept.run == owner.run.id and (kept.path == owner.path or kept.intent.state is not State.CONFIRMED)
    return own or fingerprint(kept.intent.document) == fingerprint(wanted.document)


def _renewed(kept: Intent, wanted: Intent, at: float, settling: Settling) -> Intent:
    """What may be under way or stands keeps what was sent. It settles from now on, unless this very process counts already: nobody
    waits for its answer any more, and the clock of another process proves nothing here."""
    if kept.state is State.QUARANTINED:
        return replace(kept, attempt=0)
    if kept.state is not State.SENDING:
        return wanted
    if kept.settles_from and settling.began_here(kept):
        return kept
    settling.begin(kept)
    return replace(kept, settles_from=at, looks=0, looked_at=0.0)


def _link(run: runs.RunRow, intent: Intent, origin: str, subject: str, at: float) -> dict[str, object]:
    return {
        "connection": intent.connection,
        "reference": intent.reference,
        "entity": intent.entity,
        "key": intent.key,
        "origin": origin,
        "subject": subject,
        "run": run.id,
        "at": at,
    }
