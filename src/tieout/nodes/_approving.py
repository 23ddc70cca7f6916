"""Releases what was written only after it was compared: the approval is an outside write of its own (reliability §2.2).

Its intent, look and crash points are its own. Before it is sent, the record is compared again unless that was done just now:
between the two a crash, a parked run or somebody in P21 may lie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tieout.domain import writing
from tieout.domain.writing import Document, Found, Intent, Sent, State, Writer
from tieout.kernel import crash
from tieout.kernel.failures import Failed
from tieout.nodes._node import Context
from tieout.nodes._writing import Target, Written, write_once
from tieout.operations.keep_intent import Owner, settle_intent
from tieout.queries.links import intent_of

crash.register("approve.after_compare", "approve.after_approval")


def approve_once(context: Context, target: Target, written: Written, approval: Writer) -> None:
    """Approve the order; raises Pausing while that is open, Failed when it differs, was cancelled, or P21 refuses."""
    compare = _just_compared if written.compared else lambda: _compare_again(context, target, written)
    crash.crash_point("approve.after_compare")
    subject = f"{written.reference} {written.key}"  # an order that was lost and entered again has the same reference
    of_it = Target(target.connection, f"{target.entity}:approval", subject, _Compared(approval, compare))
    write_once(context, of_it, {"order_no": written.key})
    crash.crash_point("approve.after_approval")


@dataclass(frozen=True, slots=True)
class _Compared:
    """An approval that is looked up, and sent only when the record is still what was meant."""

    approval: Writer
    compare: Callable[[], None]

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        found = self.approval.look_up(reference, document)
        if not found:
            self.compare()
        return found

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        return self.look_up("", document)

    def send(self, reference: str, document: Document) -> Sent:
        return self.approval.send(reference, document)


def _just_compared() -> None:
    """Nothing happened since."""


def _compare_again(context: Context, target: Target, written: Written) -> None:
    """Failed when the record that was confirmed is not what was meant any more; a replay then begins with it."""
    ports, owner = context.ports, Owner(context.run, context.path)
    intent = intent_of(ports.books, target.connection, written.reference)
    found = target.writer.look_up(intent.reference, intent.document)
    found = found or target.writer.look_at(intent.key, intent.document)
    match writing.after_look(intent, found, ports.clock()):
        case writing.Adopt():
            return
        case writing.Gone(_, failure):
            settle_intent(ports.books, owner, replace(intent, state=State.VOIDED))
        case writing.Quarantine(failure):
            settle_intent(ports.books, owner, _doubted(intent))
        case _:
            failure = writing.vanished(intent)
            settle_intent(ports.books, owner, _doubted(intent))
    raise Failed(failure)


def _doubted(intent: Intent) -> Intent:
    return replace(intent, state=State.QUARANTINED)
