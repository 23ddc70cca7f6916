"""Drives one write through the protocol: claim, look, send, settle, look again, adopt (reliability §2.2).

Only this module calls a Writer. It never sends without having looked, and never looks at a write that may still be
under way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tieout.domain import writing
from tieout.domain.writing import Document, Found, Intent, State, Writer
from tieout.kernel import crash, permit
from tieout.kernel.failures import Failed, Fix, Retry
from tieout.kernel.references import reference
from tieout.nodes._node import Context, Pausing
from tieout.nodes._standing import require_gone
from tieout.operations.keep_intent import (
    Busy,
    InTheWay,
    Owner,
    Proof,
    Voided,
    change_intent,
    claim_intent,
    confirm_intent,
)
from tieout.store.intents import KeptIntent

BUSY_SECONDS = 2.0
BEGIN_SECONDS_MAX = 5.0

crash.register("write.after_claim", "write.before_mark", "write.before_send", "write.after_send", "write.after_confirm")


@dataclass(frozen=True, slots=True)
class Target:
    """Which record is to be written: the connection, the kind, the subject it stands for, the writer.

    ``also`` are further ids that it will be found by. ``shares``: see Owner. ``anew`` says what is written in place of a record
    that was taken back, or is gone: what of that one still stands is not written twice. ``require`` is asked right before it is
    sent: Failed when what it rests on does not stand any more.
    """

    connection: str
    entity: str
    subject: str
    writer: Writer
    also: tuple[str, ...] = ()
    shares: bool = False
    anew: Callable[[Document], Document] = lambda document: document
    require: Callable[[Document], None] = lambda document: None


@dataclass(frozen=True, slots=True)
class Written:
    """The record is there, once. ``reference`` finds it in the other system; ``compared``: just now, in this very call."""

    key: str
    reference: str
    shown: dict[str, str]
    compared: bool = False


def reference_for(context: Context, connection: str, entity: str, subject: str, replaced: int = 0) -> str:
    """The reference of the one record of that kind in that system that stands for a subject.

    Stripe's ids are unique over all accounts, and a buyer or an order of the store is the same whichever account was paid.
    ``replaced`` counts the records before it that were taken back in that system.
    """
    mode = "live" if context.run.livemode else "test"
    anew = (f"replacement {replaced}",) if replaced else ()
    return reference(connection, mode, subject, entity, *anew)


def subject_of(context: Context) -> str:
    """Whom a record stands for when the step does not say: the run's subject, in a loop with the place in it."""
    loop, _, _ = context.path.rpartition(".")
    return f"{context.run.subject}/{loop}" if loop else context.run.subject


def write_once(context: Context, target: Target, document: Document) -> Written:
    """Write the record unless it is there; raises Pausing while its fate is open, Failed when a person must act."""
    owner = Owner(context.run, context.path, target.shares, context.ports.settling)
    kept, document = _claimed(context, owner, target, document)
    if kept.intent.state is State.CONFIRMED:
        return Written(kept.intent.key, kept.intent.reference, dict(kept.shown))
    return _look_then_send(_Write(context, target, owner, document), kept.intent)


def _claimed(context: Context, owner: Owner, target: Target, document: Document) -> tuple[KeptIntent, Document]:
    """The intent under which it is written, of the first record that was not taken back, and what is written then."""
    replaced = 0
    while True:
        name = reference_for(context, target.connection, target.entity, target.subject, replaced)
        wanted = Intent(target.connection, name, target.entity, document, subject=target.subject)
        if replaced > writing.REPLACED_MAX:
            raise Failed(writing.replaced_too_often(wanted))
        kept = claim_intent(context.ports.books, owner, wanted, context.take_unsaved(), context.ports.clock())
        crash.crash_point("write.after_claim")
        match kept:
            case Busy():
                raise Pausing(max(context.ports.clock() + BUSY_SECONDS, kept.wake_at))
            case Fix():
                raise Failed(kept)
            case Voided():
                document = document if replaced else target.anew(document)
                replaced += 1
            case InTheWay(other):
                require_gone(context.ports, owner, other)
            case _:
                return kept, document


@dataclass(frozen=True, slots=True)
class _Write:
    """One write; ``document`` is what the run wants now."""

    context: Context
    target: Target
    owner: Owner
    document: Document

    def now(self) -> float:
        return self.context.ports.clock()

    def settle_seconds(self) -> float:
        return self.context.ports.connections.settle_seconds(self.target.connection)

    def keep(self, intent: Intent) -> Intent:
        return change_intent(self.context.ports.books, self.owner, intent, self.now())


def _look_then_send(write: _Write, intent: Intent) -> Written:
    now = write.now()
    settle_seconds = write.settle_seconds() if intent.state is State.SENDING else 0.0
    move = writing.before(intent, now, settle_seconds)
    if isinstance(move, writing.Wait):
        raise Pausing(move.until)
    meant = intent.document if intent.state is State.SENDING else write.document
    found = write.target.writer.look_up(intent.reference, meant)
    if not found and intent.key:
        found = write.target.writer.look_at(intent.key, meant)
    match writing.after_look(intent, found, now):
        case writing.Adopt(one):
            return _confirmed(write, replace(intent, document=meant), one)
        case writing.Quarantine(failure, key):
            raise _quarantined(write, replace(intent, key=key), failure)
        case writing.Replace(one):
            write.keep(replace(intent, state=State.VOIDED, key=one.key))
            return write_once(write.context, write.target, write.document)
        case writing.Gone(one, failure):
            write.keep(replace(intent, state=State.VOIDED, key=one.key))
            raise Failed(failure)
        case writing.Wait(until):
            write.keep(replace(intent, looks=intent.looks + 1, looked_at=now))
            raise Pausing(until)
        case writing.Send():
            if intent.state is not State.QUARANTINED:
                return _send(write, replace(intent, key="", document=write.document))
            anew = write.target.anew(write.document)  # a record stood, and is nowhere any more
            return _send(write, replace(intent, state=State.CLAIMED, key="", document=anew))


def _send(write: _Write, intent: Intent) -> Written:
    write.target.require(intent.document)
    crash.crash_point("write.before_mark")
    marked_at = write.now()
    sent = write.keep(replace(intent, state=State.SENDING, attempt=intent.attempt + 1, settles_from=0.0, looks=0))
    crash.crash_point("write.before_send")
    with permit.begin_before(marked_at + BEGIN_SECONDS_MAX, write.now):
        answer = write.target.writer.send(sent.reference, sent.document)
    crash.crash_point("write.after_send")
    match answer:
        case writing.Confirmed(key, shown, proven):
            if proven:
                return _confirmed(write, sent, Found(key, shown=shown))
            return _read_back(write, sent)
        case writing.NotSent(failure):
            write.keep(intent)
            raise Failed(failure)
        case writing.Rejected(refusal, key):
            write.keep(replace(sent, state=State.QUARANTINED if key else State.REJECTED, key=key))
            raise Failed(refusal)
        case writing.Indeterminate(said):
            raise _settling(write, replace(sent, said=said))


def _read_back(write: _Write, sent: Intent) -> Written:
    """What was confirmed is compared with what was meant before it counts (reliability C22)."""
    try:
        found = write.target.writer.look_up(sent.reference, sent.document)
    except Failed as error:
        if isinstance(error.failure, Retry):
            raise _settling(write, sent) from error
        raise
    match writing.after_look(sent, found, write.now()):
        case writing.Adopt(one):
            return _confirmed(write, sent, one)
        case writing.Quarantine(failure, key):
            raise _quarantined(write, replace(sent, key=key), failure)
        case writing.Gone(one, failure):
            write.keep(replace(sent, state=State.VOIDED, key=one.key))
            raise Failed(failure)
        case _:
            raise _settling(write, sent)


def _settling(write: _Write, sent: Intent) -> Pausing:
    """Nobody waits for the answer any more: the settle window counts from now."""
    settling = write.keep(replace(sent, settles_from=write.now()))
    write.context.ports.settling.begin(settling)
    return Pausing(settling.settles_from + write.settle_seconds())


def _confirmed(write: _Write, intent: Intent, found: Found) -> Written:
    context, target = write.context, write.target
    subjects = tuple(dict.fromkeys((target.subject, context.run.subject, *target.also)))
    proof = Proof(context.run.connection, subjects)
    shown = confirm_intent(context.ports.books, write.owner, intent, found, proof, write.now())
    crash.crash_point("write.after_confirm")
    return Written(found.key, intent.reference, dict(shown), compared=True)


def _quarantined(write: _Write, intent: Intent, failure: Fix) -> Failed:
    write.keep(replace(intent, state=State.QUARANTINED))
    return Failed(failure)
