"""Drives one write through the protocol: claim, look, send, settle, look again, adopt (reliability §2.2).

Only this module calls a Writer. It never sends without having looked, and never looks at a write that may still be
under way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tieout.domain import writing
from tieout.domain.writing import Document, Found, Intent, State, Writer
from tieout.kernel import crash
from tieout.kernel.failures import Failed, Fix, Retry
from tieout.kernel.references import reference
from tieout.nodes._node import Context, Pausing
from tieout.operations.keep_intent import Held, Proof, change_intent, claim_intent, confirm_intent

HELD_SECONDS = 2.0

crash.register(
    "write.after_claim", "write.before_sent", "write.after_sent", "write.after_answer", "write.after_confirm"
)


@dataclass(frozen=True, slots=True)
class Target:
    """Which record is to be written: the connection, the kind, the subject it stands for, the writer."""

    connection: str
    entity: str
    subject: str
    writer: Writer


@dataclass(frozen=True, slots=True)
class Written:
    """The record is there, once. ``reference`` finds it in the other system."""

    key: str
    reference: str
    shown: dict[str, str]


def reference_for(context: Context, connection: str, entity: str, subject: str) -> str:
    """The reference of the one record of that kind that stands for a subject."""
    mode = "live" if context.run.livemode else "test"
    return reference(connection, context.run.connection, mode, subject, entity)


def write_once(context: Context, target: Target, document: Document) -> Written:
    """Write the record unless it is there; raises Pausing while its fate is open, Failed when a person must act."""
    name = reference_for(context, target.connection, target.entity, target.subject)
    wanted = Intent(target.connection, name, target.entity, document)
    kept = claim_intent(context.ports.books, context.run, wanted, context.unsaved(), context.ports.clock())
    crash.crash_point("write.after_claim")
    if isinstance(kept, Held):
        raise Pausing(context.ports.clock() + HELD_SECONDS)
    if kept.intent.state is State.CONFIRMED:
        return Written(kept.intent.key, name, dict(kept.shown))
    return _look_then_send(context, target, kept.intent)


def _look_then_send(context: Context, target: Target, intent: Intent) -> Written:
    now = context.ports.clock()
    move = writing.before(intent, now, context.ports.connections.settle_seconds(target.connection))
    if isinstance(move, writing.Wait):
        raise Pausing(move.until)
    found = target.writer.look_up(intent.reference, intent.document)
    match writing.after_look(intent, found, now):
        case writing.Adopt(one):
            return _confirmed(context, target, intent, one)
        case writing.Quarantine(failure):
            raise _quarantined(context, intent, failure)
        case writing.Wait(until):
            _keep(context, replace(intent, looks=intent.looks + 1, looked_at=now))
            raise Pausing(until)
        case writing.Send():
            return _send(context, target, intent)


def _send(context: Context, target: Target, intent: Intent) -> Written:
    crash.crash_point("write.before_sent")
    now = context.ports.clock()
    sent = _keep(context, replace(intent, state=State.SENT, attempt=intent.attempt + 1, sent_at=now, looks=0))
    crash.crash_point("write.after_sent")
    answer = target.writer.send(sent.reference, sent.document)
    crash.crash_point("write.after_answer")
    match answer:
        case writing.Confirmed(key, shown, proven):
            return (
                _confirmed(context, target, sent, Found(key, shown=shown))
                if proven
                else _read_back(context, target, sent)
            )
        case writing.NotSent(failure):
            _keep(context, intent)
            raise Failed(failure)
        case writing.Rejected(refusal):
            _keep(context, replace(sent, state=State.REJECTED))
            raise Failed(refusal)
        case writing.Indeterminate():
            raise Pausing(sent.sent_at + context.ports.connections.settle_seconds(target.connection))


def _read_back(context: Context, target: Target, sent: Intent) -> Written:
    """What was confirmed is compared with what was meant before it counts (reliability C22)."""
    try:
        found = target.writer.look_up(sent.reference, sent.document)
    except Failed as error:
        if isinstance(error.failure, Retry):
            raise Pausing(sent.sent_at + context.ports.connections.settle_seconds(target.connection)) from error
        raise
    match writing.after_look(replace(sent, attempt=0), found, context.ports.clock()):
        case writing.Adopt(one):
            return _confirmed(context, target, sent, one)
        case writing.Quarantine(failure):
            raise _quarantined(context, sent, failure)
        case _:
            raise Pausing(sent.sent_at + context.ports.connections.settle_seconds(target.connection))


def _confirmed(context: Context, target: Target, intent: Intent, found: Found) -> Written:
    proof = Proof(context.run.connection, target.subject)
    shown = confirm_intent(context.ports.books, context.run, intent, found, proof, context.ports.clock())
    crash.crash_point("write.after_confirm")
    return Written(found.key, intent.reference, dict(shown))


def _quarantined(context: Context, intent: Intent, failure: Fix) -> Failed:
    _keep(context, replace(intent, state=State.QUARANTINED))
    return Failed(failure)


def _keep(context: Context, intent: Intent) -> Intent:
    return change_intent(context.ports.books, context.run, intent, context.ports.clock())
