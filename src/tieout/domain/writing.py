"""The write protocol as rules: what may be done next with a write to a system that has no idempotency key.

Reliability §2.2. An intent is kept before the first byte leaves. An answer is confirmed, not sent, rejected or
indeterminate. What is indeterminate waits out the settle window and is looked up by its reference: what is found is adopted
or put into quarantine at once; only what is absent twice is sent again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tieout.kernel.failures import Fix, Retry

ATTEMPTS_MAX = 5
LOOK_GAP_SECONDS = 5.0
SAID_SHOWN = 300

REPLACED_MAX = 20
SALES = frozenset(("sales_order", "invoice", "ar_invoice"))
DOCUMENTS = SALES | {"cash_receipt", "credit_memo", "refund_payment", "journal_entry"}

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
Document = dict[str, Json]


class State(StrEnum):
    """How far a write has come. SENDING: it may be sent, and its fate is open.

    QUARANTINED: a record stands, or may stand, that is not what was meant. REJECTED: refused; both are final until a replay.
    VOIDED: the record was taken back in the other system; what replaces it has a reference of its own.
    """

    CLAIMED = "claimed"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class Intent:
    """What we are about to write. ``looks`` counts clean empty look-ups since ``settles_from`` (epoch seconds).

    ``settles_from`` is the moment from which the settle window counts: when the answer was given up. It is 0 while an answer is
    awaited, and after a crash it is set by whoever finds the intent so, because only then the sender is surely gone.
    ``said`` is what the other side answered to the last try, where that left its fate open. ``key`` is the other system's
    number of the record, as soon as it is known. ``subject`` is what the record stands for.
    """

    connection: str
    reference: str
    entity: str
    document: Document
    state: State = State.CLAIMED
    attempt: int = 0
    settles_from: float = 0.0
    looks: int = 0
    looked_at: float = 0.0
    key: str = ""
    said: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """It is there: ``key`` is the other system's own number, ``shown`` what a person may want to see of it.

    ``proven`` says that the answer itself was the stored record, compared; otherwise it is read back before it counts.
    """

    key: str
    shown: Mapping[str, str] = field(default_factory=dict)
    proven: bool = False


@dataclass(frozen=True, slots=True)
class NotSent:
    """Provably no byte of the body left us: it may be tried again at once."""

    failure: Retry


@dataclass(frozen=True, slots=True)
class Rejected:
    """A refusal that is known to happen before anything is written: a person must act.

    With a ``key`` that record was written nevertheless, cannot be found by its reference, and is not what was meant.
    """

    failure: Fix
    key: str = ""


@dataclass(frozen=True, slots=True)
class Indeterminate:
    """Anything else: it may have been written."""

    detail: str


Sent = Confirmed | NotSent | Rejected | Indeterminate


@dataclass(frozen=True, slots=True)
class Found:
    """A record that carries our reference; ``differences`` says in words where it is not what we meant to write.

    A ``void`` record was taken back in the other system: beside a live one it does not count. ``note`` is what a person must
    know at once when it differs.
    """

    key: str
    differences: tuple[str, ...] = ()
    shown: Mapping[str, str] = field(default_factory=dict)
    void: bool = False
    note: str = ""


class Writer(Protocol):
    """One kind of record in one outside system, as the protocol needs it."""

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        """All records that carry the reference, read from the primary; Failed when the answer is in any doubt."""
        ...

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        """The record of that number, for one whose reference was not kept; none where records are not kept by number."""
        ...

    def send(self, reference: str, document: Document) -> Sent:
        """Write it once. Never raises for what the other side did."""
        ...


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing before this moment (epoch seconds)."""

    until: float


@dataclass(frozen=True, slots=True)
class Look:
    """Look it up by reference now."""


@dataclass(frozen=True, slots=True)
class Send:
    """Send now what is wanted."""


@dataclass(frozen=True, slots=True)
class Adopt:
    """The record is there and is ours."""

    found: Found


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Nobody but a person may go on from here. ``key`` names the record that stands, where there is one."""

    failure: Fix
    key: str = ""


@dataclass(frozen=True, slots=True)
class Replace:
    """What was written was taken back in the other system after a person was asked: write it anew, under another reference."""

    found: Found


@dataclass(frozen=True, slots=True)
class Gone:
    """What was written was taken back in the other system, and nobody has said yet that it shall be written anew."""

    found: Found
    failure: Fix


def before(intent: Intent, now: float, settle_seconds: float) -> Wait | Look:
    """The first move: a write that may be under way is left alone until it has settled."""
    if intent.state is not State.SENDING:
        return Look()
    ready = intent.settles_from + settle_seconds
    if intent.looks:
        ready = max(ready, intent.looked_at + LOOK_GAP_SECONDS)
    return Look() if now >= ready else Wait(ready)


def after_look(
    intent: Intent, found: tuple[Found, ...], now: float
) -> Adopt | Quarantine | Replace | Gone | Send | Wait:
    """The move that a clean look-up allows."""
    standing = tuple(one for one in found if not one.void)
    if len(standing) > 1:
        return Quarantine(_doubled(intent, standing))
    if standing:
        only = standing[0]
        return Quarantine(_differs(intent, only), only.key) if only.differences else Adopt(only)
    if found:
        return (
            Replace(found[0]) if intent.state is State.QUARANTINED else Gone(found[0], cancelled(intent, found[0].key))
        )
    if intent.state is State.SENDING and not intent.looks:
        return Wait(now + LOOK_GAP_SECONDS)
    if intent.attempt >= ATTEMPTS_MAX:
        return Quarantine(_exhausted(intent))
    return Send()


def conflict(intent: Intent, run: str) -> Fix:
    """A record of another step or run stands for the same subject, and it is not what is wanted now."""
    if intent.state is State.CONFIRMED:
        state = f"{_thing(intent)} {intent.key} of run {run} already stands for this"
        advice = (
            "Was it paid twice, or does a workflow write two records for one subject? Refund or enter the second by hand, "
            "or give the step a subject of its own, then replay."
        )
    else:
        state = f"run {run} has sent a {_thing(intent)} for this, and what became of it is open"
        advice = f"Replay {run} first, then this one."
    sentence = f"{state[0].upper()}{state[1:]}; it holds something else than would be written now. {advice}"
    return Fix("write.conflict", sentence, field="reference", value=intent.reference)


def in_the_way(intent: Intent, run: str, keys: Sequence[str]) -> Fix:
    """A run would write another record, or none, while one stands that was never settled or is for the same thing."""
    numbers = ", ".join(keys) or f"with reference {intent.reference}"
    if intent.state is State.CONFIRMED:
        state = f"{_headed(intent)} {numbers} of run {run} already stands for this"
    else:
        state = f"{_headed(intent)} {numbers} of run {run} stands in the other system and is not settled"
    sentence = (
        f"{state}, and something else would be written instead now. Cancel it there first, or publish the workflow as it was, "
        "then replay."
    )
    return Fix("write.unsettled", sentence, field="reference", value=intent.reference)


def cancelled(intent: Intent, key: str) -> Fix:
    """What was written was taken back in the other system."""
    return Fix(
        "write.cancelled",
        f"{_headed(intent)} {key} was written for this and is cancelled in the other system. Replay to have it written "
        "anew, under a reference of its own; if it shall not be, give the money back in Stripe, then replay.",
        field="reference",
        value=intent.reference,
    )


def vanished(intent: Intent) -> Fix:
    """What was confirmed is not found any more."""
    return Fix(
        "write.vanished",
        f"{_headed(intent)} {intent.key} was written, and is not in the other system any more. If somebody deleted it there, "
        "replay to have it written again; otherwise find out first where it is.",
        field="reference",
        value=intent.reference,
    )


def replaced_too_often(intent: Intent) -> Fix:
    """So many records for one thing were taken back that something else is wrong."""
    sentence = (
        f"{_headed(intent)} for {intent.subject or intent.reference} was cancelled and entered anew {REPLACED_MAX} times. "
        "Find out who cancels it. Enter it by hand, or give the money back in Stripe, then replay."
    )
    return Fix("write.replaced", sentence, field="reference", value=intent.reference)


def _doubled(intent: Intent, found: tuple[Found, ...]) -> Fix:
    keys = ", ".join(one.key for one in found)
    return Fix(
        "write.doubled",
        f"{len(found)} records carry the reference {intent.reference}: {_thing(intent)} {keys}. "
        "Keep one, void the others, then replay.",
        field="reference",
        value=intent.reference,
    )


def _differs(intent: Intent, found: Found) -> Fix:
    note = f"{found.note} " if found.note else ""
    return Fix(
        "write.differs",
        f"{_headed(intent)} {found.key} is there, but is not what was sent: {'; '.join(found.differences)}. {note}"
        "Correct it in the other system, or cancel it there to have it written anew, then replay.",
        field="reference",
        value=intent.reference,
    )


def _exhausted(intent: Intent) -> Fix:
    told = f" The last answer was: {intent.said[:SAID_SHOWN].rstrip(' .')}." if intent.said else ""
    return Fix(
        "write.unanswered",
        f"{_headed(intent)} with reference {intent.reference} was sent {intent.attempt} times and never appeared.{told} "
        "Find out why the other system does not keep it, then replay.",
        field="reference",
        value=intent.reference,
    )


def _thing(intent: Intent) -> str:
    """The kind of record in words: what stands behind a colon only keeps writes of one kind apart."""
    return intent.entity.partition(":")[0].replace("_", " ")


def _headed(intent: Intent) -> str:
    thing = _thing(intent)
    return f"{thing[0].upper()}{thing[1:]}"
