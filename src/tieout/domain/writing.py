"""The write protocol as rules: what may be done next with a write to a system that has no idempotency key.

Reliability §2.2. An intent is kept before the first byte leaves. An answer is confirmed, not sent, rejected or
indeterminate; what is indeterminate waits out the settle window, is looked up by reference twice, and only then is
adopted, sent again or put into quarantine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tieout.kernel.failures import Fix, Retry

ATTEMPTS_MAX = 5
LOOK_GAP_SECONDS = 5.0

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
Document = dict[str, Json]


class State(StrEnum):
    """How far a write has come; the last three are final until a person replays."""

    CLAIMED = "claimed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Intent:
    """What we are about to write. ``sent_at`` is in epoch seconds; ``looks`` counts clean empty look-ups since then."""

    connection: str
    reference: str
    entity: str
    document: Document
    state: State = State.CLAIMED
    attempt: int = 0
    sent_at: float = 0.0
    looks: int = 0
    looked_at: float = 0.0
    key: str = ""


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
    """A refusal that is known to happen before anything is written: a person must act."""

    failure: Fix


@dataclass(frozen=True, slots=True)
class Indeterminate:
    """Anything else: it may have been written."""

    detail: str


Sent = Confirmed | NotSent | Rejected | Indeterminate


@dataclass(frozen=True, slots=True)
class Found:
    """A record that carries our reference; ``differences`` says in words where it is not what we meant to write."""

    key: str
    differences: tuple[str, ...] = ()
    shown: Mapping[str, str] = field(default_factory=dict)


class Writer(Protocol):
    """One kind of record in one outside system, as the protocol needs it."""

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        """All records that carry the reference, read from the primary; Failed when the answer is in any doubt."""
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
    """Send the stored document now."""


@dataclass(frozen=True, slots=True)
class Adopt:
    """The record is there and is ours."""

    found: Found


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Nobody but a person may go on from here."""

    failure: Fix


def before(intent: Intent, now: float, settle_seconds: float) -> Wait | Look:
    """The first move: a write that may be under way is left alone until it has settled."""
    if intent.state is not State.SENT:
        return Look()
    ready = intent.sent_at + settle_seconds
    if intent.looks:
        ready = max(ready, intent.looked_at + LOOK_GAP_SECONDS)
    return Look() if now >= ready else Wait(ready)


def after_look(intent: Intent, found: tuple[Found, ...], now: float) -> Adopt | Quarantine | Send | Wait:
    """The move that a clean look-up allows."""
    if len(found) > 1:
        return Quarantine(_doubled(intent, found))
    if found:
        return Quarantine(_differs(intent, found[0])) if found[0].differences else Adopt(found[0])
    if intent.state is State.SENT and not intent.looks:
        return Wait(now + LOOK_GAP_SECONDS)
    if intent.attempt >= ATTEMPTS_MAX:
        return Quarantine(_exhausted(intent))
    return Send()


def _doubled(intent: Intent, found: tuple[Found, ...]) -> Fix:
    keys = ", ".join(one.key for one in found)
    return Fix(
        "write.doubled",
        f"{len(found)} records carry the reference {intent.reference}: {intent.entity} {keys}. "
        "Keep one, void the others, then replay.",
        field="reference",
        value=intent.reference,
    )


def _differs(intent: Intent, found: Found) -> Fix:
    return Fix(
        "write.differs",
        f"{intent.entity} {found.key} is there, but is not what was sent: {'; '.join(found.differences)}. "
        "Correct it in the other system, then replay.",
        field="reference",
        value=intent.reference,
    )


def _exhausted(intent: Intent) -> Fix:
    return Fix(
        "write.unanswered",
        f"{intent.entity} with reference {intent.reference} was sent {intent.attempt} times and never appeared. "
        "Find out why the other system does not keep it, then replay.",
        field="reference",
        value=intent.reference,
    )
